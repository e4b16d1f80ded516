"""AWS Signature Version 4 for presigned URLs and forms, of which an upload may need thousands.

botocore takes five times as long and a client of 10 MB; the tests hold every answer against botocore's own.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
# The body is left out of the signature: what a browser will send is not known here.
UNSIGNED = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True)
class Signature:
    """Signs with these keys at this time. `token` is a temporary session's, or ""; the keys expire at `keys_end_at`."""

    access_key: str
    secret_key: str
    token: str
    region: str
    now: datetime
    keys_end_at: datetime | None = None

    def lasting(self, seconds: int) -> int:
        """Return `seconds`, or fewer where the keys expire sooner: no signature outlives the keys that made it."""
        if self.keys_end_at is None:
            return seconds
        return max(1, min(seconds, int((self.keys_end_at - self.now).total_seconds())))

    def url(
        self, method: str, url: str, *, query: Mapping[str, str], headers: Mapping[str, str], seconds: int
    ) -> str:
        """Return `url` with this query, signed for `seconds` from now and for requests with exactly these headers.

        The path of `url` is percent-encoded already; names of headers are in lower case, and `host` is added.
        """
        address = urlsplit(url)
        signed = dict(sorted({"host": address.netloc, **headers}.items()))
        parameters = {
            **query,
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": self._credential,
            "X-Amz-Date": self._stamp,
            "X-Amz-Expires": str(self.lasting(seconds)),
            "X-Amz-SignedHeaders": ";".join(signed),
        }
        if self.token:
            parameters["X-Amz-Security-Token"] = self.token
        encoded = "&".join(f"{_encoded(name)}={_encoded(parameters[name])}" for name in sorted(parameters))
        lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
        request = "\n".join([method, address.path, encoded, lines, ";".join(signed), UNSIGNED])
        digest = hashlib.sha256(request.encode()).hexdigest()
        signature = self._sign("\n".join([ALGORITHM, self._stamp, self._scope, digest]))
        return f"{url}?{encoded}&X-Amz-Signature={signature}"

    def form(
        self, *, bucket: str, key: str, fields: Mapping[str, str], conditions: list[Any], seconds: int
    ) -> dict[str, str]:
        """Return the fields of a form that stores an object under `key` with exactly these fields and conditions."""
        signed = {
            "x-amz-algorithm": ALGORITHM,
            "x-amz-credential": self._credential,
            "x-amz-date": self._stamp,
        }
        if self.token:
            signed["x-amz-security-token"] = self.token
        expiration = (self.now + timedelta(seconds=self.lasting(seconds))).astimezone(UTC)
        pinned = {**fields, "bucket": bucket, "key": key, **signed}
        policy = {
            "expiration": f"{expiration:%Y-%m-%dT%H:%M:%SZ}",
            "conditions": [*({name: value} for name, value in pinned.items()), *conditions],
        }
        encoded = base64.b64encode(json.dumps(policy).encode()).decode()
        return {**fields, "key": key, **signed, "policy": encoded, "x-amz-signature": self._sign(encoded)}

    @cached_property
    def _stamp(self) -> str:
        return f"{self.now.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    @property
    def _scope(self) -> str:
        return f"{self._stamp[:8]}/{self.region}/s3/aws4_request"

    @property
    def _credential(self) -> str:
        return f"{self.access_key}/{self._scope}"

    def _sign(self, text: str) -> str:
        return _hmac(_signing_key(self.secret_key, self._stamp[:8], self.region), text).hex()


@lru_cache(maxsize=8)
def _signing_key(secret_key: str, day: str, region: str) -> bytes:
    """Return the signing key, which is the same for all requests of a day."""
    key = f"AWS4{secret_key}".encode()
    for step in (day, region, "s3", "aws4_request"):
        key = _hmac(key, step)
    return key


def _hmac(key: bytes, message: str) -> bytes:
    return hmac.digest(key, message.encode(), "sha256")


# Of what is in one URL most is in the next.
@lru_cache(maxsize=256)
def _encoded(text: str) -> str:
    """Percent-encode all but letters, digits and -._~ (RFC 3986)."""
    return quote(text, safe="-._~")
