"""Where the bucket is, who we are to it, and by which address browsers reach it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from botocore.config import Config
from django.core.exceptions import ImproperlyConfigured

from sharing import environment
from sharing.home import Home

EMBEDDED_BUCKET = "waybill"
AddressingStyle = Literal["auto", "path", "virtual"]


@dataclass(frozen=True)
class BucketConfig:
    """One bucket. Keys are None where boto3's own credential chain finds them (a role, a profile).

    The app calls `endpoint_url`; browsers get URLs signed for `public_endpoint_url`. They differ
    behind a proxy or in a container.
    """

    name: str
    region: str
    endpoint_url: str
    public_endpoint_url: str
    addressing_style: AddressingStyle
    access_key: str | None
    secret_key: str | None
    session_token: str | None
    is_embedded: bool
    # When the keys expire; None for keys that do not, and for those that boto3 finds, which say so themselves.
    keys_end_at: datetime | None = None

    @classmethod
    def from_environment(cls, home: Home, *, bucket_port: int) -> "BucketConfig":
        """The bucket the environment describes, else the embedded one. Raises ImproperlyConfigured."""
        if not environment.text("S3_BUCKET"):
            for name in ("S3_ENDPOINT_URL", "S3_REGION"):
                if environment.text(name):
                    raise ImproperlyConfigured(
                        f"S3_BUCKET is missing: {name} is set, so name the bucket to use there."
                    )
            return cls._embedded(home, bucket_port)
        region = environment.text("S3_REGION", environment.text("AWS_REGION", "us-east-1"))
        style: AddressingStyle = environment.choice(
            "S3_ADDRESSING_STYLE", "auto", ("auto", "path", "virtual")
        )
        endpoint = environment.origin_url("S3_ENDPOINT_URL", "")
        if not endpoint:
            # Named in full: boto3 would sign for a host that sends browsers on to the bucket's region, or nowhere.
            endpoint = f"https://s3.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
            style = "path" if style == "path" else "virtual"
        access_key = environment.text("AWS_ACCESS_KEY_ID") or None
        secret_key = environment.text("AWS_SECRET_ACCESS_KEY") or None
        if bool(access_key) != bool(secret_key):
            missing = "AWS_SECRET_ACCESS_KEY" if access_key else "AWS_ACCESS_KEY_ID"
            raise ImproperlyConfigured(f"{missing} is missing: the other half of the key pair is set.")
        return cls(
            name=environment.bucket_name("S3_BUCKET"),
            region=region,
            endpoint_url=endpoint,
            public_endpoint_url=environment.origin_url("S3_PUBLIC_ENDPOINT_URL", endpoint),
            addressing_style=style,
            access_key=access_key,
            secret_key=secret_key,
            session_token=environment.text("AWS_SESSION_TOKEN") or None,
            is_embedded=False,
            keys_end_at=environment.moment("AWS_CREDENTIAL_EXPIRATION"),
        )

    @classmethod
    def _embedded(cls, home: Home, bucket_port: int) -> "BucketConfig":
        endpoint = f"http://127.0.0.1:{bucket_port}"
        return cls(
            name=EMBEDDED_BUCKET,
            region="us-east-1",
            endpoint_url=endpoint,
            public_endpoint_url=environment.origin_url("S3_PUBLIC_ENDPOINT_URL", endpoint),
            addressing_style="path",
            access_key=home.secret("bucket-access-key", length=20),
            secret_key=home.secret("bucket-secret-key", length=40),
            session_token=None,
            is_embedded=True,
        )

    @property
    def public_origin(self) -> str:
        """Scheme, host and port that a browser talks to: what the Content-Security-Policy must allow."""
        parts = urlsplit(self.bucket_url(self.public_endpoint_url))
        return f"{parts.scheme}://{parts.netloc}"

    def bucket_url(self, endpoint: str) -> str:
        """Where the bucket is at this endpoint; a slash and the key of an object follow it."""
        parts = urlsplit(endpoint)
        if self.addressing_style == "virtual":
            return f"{parts.scheme}://{self.name}.{parts.netloc}"
        return f"{parts.scheme}://{parts.netloc}/{self.name}"

    def object_url(self, endpoint: str, key: str) -> str:
        """Where an object is at this endpoint, percent-encoded as signatures want it."""
        return f"{self.bucket_url(endpoint)}/{quote(key, safe='/-._~')}"

    def client_config(self) -> Config:
        """How boto3 talks to the bucket.

        `when_required`: boto3 otherwise adds checksums that R2, SeaweedFS and others refuse.
        """
        return Config(
            signature_version="s3v4",
            s3={"addressing_style": self.addressing_style},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            # What a call may take in all stands in deadline.py: these end what was given up on.
            retries={"mode": "standard", "max_attempts": 2},
            connect_timeout=3,
            read_timeout=60,
            max_pool_connections=32,
        )

    def storage_options(self) -> dict[str, Any]:
        """The OPTIONS of django-storages' S3Storage: private objects, signed addresses, no overwriting."""
        return {
            "bucket_name": self.name,
            "region_name": self.region,
            "endpoint_url": self.endpoint_url,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
            "security_token": self.session_token,
            "client_config": self.client_config(),
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
        }
