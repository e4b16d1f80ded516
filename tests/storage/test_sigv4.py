"""Our signatures are, byte for byte, those of botocore."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import time_machine
from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from hypothesis import given
from hypothesis import strategies as st

from sharing.storage.bucket import Bucket
from sharing.storage.config import BucketConfig
from sharing.storage.disposition import attachment
from sharing.storage.presigning import FORM_SECONDS

NOW = datetime(2026, 2, 28, 23, 59, 58, tzinfo=UTC)
KEY = "files/a_b-C9"
DIGEST = base64.b64encode(bytes(32)).decode()
names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


def bucket_of(style: str = "path", token: str | None = None, keys_end_at: datetime | None = None) -> Bucket:
    return Bucket(
        BucketConfig(
            name="parcels",
            region="eu-central-1",
            endpoint_url="https://s3.example.com:8333",
            public_endpoint_url="https://s3.example.com:8333",
            addressing_style="virtual" if style == "virtual" else "path",
            access_key="AKIDEXAMPLE",
            secret_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            session_token=token,
            is_embedded=False,
            keys_end_at=keys_end_at,
        )
    )


def botocore_of(bucket: Bucket) -> Any:
    config = bucket.config
    return boto3.session.Session().client(
        "s3",
        region_name=config.region,
        endpoint_url=config.endpoint_url,
        aws_access_key_id=config.access_key,
        aws_secret_access_key=config.secret_key,
        aws_session_token=config.session_token,
        config=Config(signature_version="s3v4", s3={"addressing_style": config.addressing_style}),
    )


def parts_of(url: str) -> tuple[str, set[str]]:
    """The signature covers the parameters in the order of their names, whatever theirs is in the URL."""
    address, _, query = url.partition("?")
    return address, set(query.split("&"))


@pytest.fixture(params=["path", "virtual"])
def style(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("token", [None, "FwoGZXIvYXdzE+/=="])
@pytest.mark.parametrize("sha256", ["", DIGEST])
def test_a_part(style: str, token: str | None, sha256: str) -> None:
    bucket = bucket_of(style, token)
    params = {
        "Bucket": "parcels",
        "Key": KEY,
        "UploadId": "a+b/c=",
        "PartNumber": 7,
        "ContentLength": 16_777_216,
    }
    if sha256:
        params["ChecksumSHA256"] = sha256
    with time_machine.travel(NOW, tick=False):
        theirs = botocore_of(bucket).generate_presigned_url(
            "upload_part", Params=params, ExpiresIn=3600 + 134
        )
        ours = bucket.presign_part(KEY, "a+b/c=", number=7, size=16_777_216, sha256=sha256)
    assert parts_of(ours.url) == parts_of(theirs)


@pytest.mark.parametrize(("left", "expires_in"), [(600, 600), (7200, 3600), (-5, 1)])
def test_nothing_outlives_the_keys_that_signed_it(left: int, expires_in: int) -> None:
    bucket = bucket_of(token="FwoGZXIvYXdzE+/==", keys_end_at=NOW + timedelta(seconds=left))
    with time_machine.travel(NOW, tick=False):
        urls = [
            bucket.presign_download(KEY, filename="a", content_type="text/plain", seconds=3600),
            bucket.presign_preview(KEY, filename="a", content_type="text/plain", seconds=3600),
            bucket.presign_part(KEY, "id", number=1, size=0).url,
        ]
        form = bucket.presign_form(KEY, content_type="text/plain", smallest=5, largest=5, seconds=3600)
    assert all(f"X-Amz-Expires={expires_in}&" in url for url in urls)
    assert datetime.fromisoformat(policy_of(form.fields)[0]) == NOW + timedelta(seconds=expires_in)


def test_keys_of_a_role_say_themselves_when_they_end() -> None:
    bucket = bucket_of()
    end = datetime.now(UTC) + timedelta(minutes=30)
    metadata = {"access_key": "a", "secret_key": "b", "token": "c", "expiry_time": end.isoformat()}
    bucket.__dict__["_credentials"] = RefreshableCredentials.create_from_metadata(
        metadata, refresh_using=lambda: metadata, method="assume-role"
    )
    assert bucket.signature().keys_end_at == end
    assert bucket_of().signature().keys_end_at is None


@given(name=names, seconds=st.integers(1, 604_800))
def test_a_download_under_any_name(name: str, seconds: int) -> None:
    bucket = bucket_of()
    with time_machine.travel(NOW, tick=False):
        theirs = botocore.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": "parcels",
                "Key": KEY,
                "ResponseContentDisposition": attachment(name),
                "ResponseContentType": "text/plain",
                "ResponseCacheControl": "private, no-store",
            },
            ExpiresIn=seconds,
        )
        ours = bucket.presign_download(KEY, filename=name, content_type="text/plain", seconds=seconds)
    assert parts_of(ours) == parts_of(theirs)


@pytest.mark.parametrize("token", [None, "FwoGZXIvYXdzE+/=="])
def test_a_form(style: str, token: str | None) -> None:
    bucket = bucket_of(style, token)
    pinned = {
        "Content-Type": "text/plain",
        "success_action_status": "201",
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": DIGEST,
    }
    conditions: list[Any] = [{name: value} for name, value in pinned.items()]
    with time_machine.travel(NOW, tick=False):
        theirs = botocore_of(bucket).generate_presigned_post(
            "parcels",
            KEY,
            Fields=dict(pinned),
            Conditions=[*conditions, ["content-length-range", 5, 5]],
            ExpiresIn=FORM_SECONDS,
        )
        ours = bucket.presign_form(KEY, content_type="text/plain", smallest=5, largest=5, sha256=DIGEST)
    assert ours.url.rstrip("/") == theirs["url"].rstrip("/")
    # The order of a policy's conditions is free, and with it the signature differs.
    unlike = {"policy", "x-amz-signature"}
    assert {name: value for name, value in ours.fields.items() if name not in unlike} == {
        name: value for name, value in theirs["fields"].items() if name not in unlike
    }
    assert policy_of(ours.fields) == policy_of(theirs["fields"])


def policy_of(fields: dict[str, str]) -> tuple[str, list[str]]:
    policy = json.loads(base64.b64decode(fields["policy"]))
    return policy["expiration"], sorted(map(json.dumps, policy["conditions"]))


botocore = botocore_of(bucket_of())
