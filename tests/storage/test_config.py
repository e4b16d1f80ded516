"""The bucket's address, as the environment says, and the origin that browsers must be allowed to reach."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured

from sharing.environment import read_environment
from sharing.home import Home
from sharing.storage.bucket import Bucket
from sharing.storage.config import BucketConfig

KEYS = {"S3_BUCKET": "parcels", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
ELSEWHERE = {"S3_ENDPOINT_URL": "https://s3.example.com"}
SPLIT = {**ELSEWHERE, "S3_PUBLIC_ENDPOINT_URL": "https://files.example.com"}


@pytest.fixture
def configured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> BucketConfig:
    for name, value in {**KEYS, **request.param}.items():
        monkeypatch.setenv(name, value)
    return BucketConfig.from_environment(read_environment(), Home(tmp_path))


@pytest.mark.parametrize(
    ("configured", "origin"),
    [
        ({}, "https://parcels.s3.us-east-1.amazonaws.com"),
        ({"S3_REGION": "eu-central-1"}, "https://parcels.s3.eu-central-1.amazonaws.com"),
        ({"AWS_REGION": "cn-north-1"}, "https://parcels.s3.cn-north-1.amazonaws.com.cn"),
        ({"S3_REGION": "eu-west-1", "S3_ADDRESSING_STYLE": "path"}, "https://s3.eu-west-1.amazonaws.com"),
        (ELSEWHERE, "https://s3.example.com"),
        ({**ELSEWHERE, "S3_ADDRESSING_STYLE": "virtual"}, "https://parcels.s3.example.com"),
        (SPLIT, "https://files.example.com"),
    ],
    indirect=["configured"],
)
def test_what_is_signed_goes_to_the_origin_that_pages_may_reach(
    configured: BucketConfig, origin: str
) -> None:
    bucket = Bucket(configured)
    signed = [
        bucket.presign_download("key", filename="a", content_type="text/plain"),
        bucket.presign_form("key", content_type="text/plain", smallest=0, largest=1).url,
        bucket.presign_part("key", "upload", number=1, size=1).url,
    ]
    assert configured.public_origin == origin
    assert {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in signed} == {origin}


@pytest.mark.parametrize("configured", [{"AWS_CREDENTIAL_EXPIRATION": "2026-11-30T12:00:00Z"}], indirect=True)
def test_keys_that_expire_say_when(configured: BucketConfig) -> None:
    assert configured.keys_end_at == datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize("value", ["tomorrow", "2026-11-30T12:00:00"])
def test_an_expiry_of_keys_that_says_no_moment_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    for name, given in {**KEYS, "AWS_CREDENTIAL_EXPIRATION": value}.items():
        monkeypatch.setenv(name, given)
    with pytest.raises(ImproperlyConfigured, match="AWS_CREDENTIAL_EXPIRATION is malformed"):
        BucketConfig.from_environment(read_environment(), Home(tmp_path))


@pytest.mark.parametrize("configured", [SPLIT], indirect=True)
def test_the_app_calls_by_one_address_and_browsers_by_the_other(configured: BucketConfig) -> None:
    assert Bucket(configured).client.meta.endpoint_url == "https://s3.example.com"


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_half_a_key_pair_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, "" if name == missing else value)
    with pytest.raises(ImproperlyConfigured, match=missing):
        BucketConfig.from_environment(read_environment(), Home(tmp_path))


def test_the_embedded_bucket_can_have_a_public_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("S3_PUBLIC_ENDPOINT_URL", "https://bucket.example.com")
    config = BucketConfig.from_environment(read_environment(), Home(tmp_path))
    assert (config.is_embedded, config.public_origin) == (True, "https://bucket.example.com")
