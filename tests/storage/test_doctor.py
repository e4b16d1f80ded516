"""The doctor finds a healthy bucket well, and names what is wrong with a sick one."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from sharing.storage.bucket import Bucket
from sharing.storage.doctor import Doctor, Finding

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CORSRuleTypeDef

SITE = "http://localhost:8000"


def findings(bucket: Bucket, *origins: str) -> dict[str, Finding]:
    return {finding.check: finding for finding in Doctor(bucket, [*origins]).examine()}


@pytest.fixture
def with_policy(bucket: Bucket) -> Iterator[Bucket]:
    """The bucket, open to everybody's reading, as it happens by mistake."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket.name}", f"arn:aws:s3:::{bucket.name}/*"],
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    bucket.client.put_bucket_policy(Bucket=bucket.name, Policy=policy)
    yield bucket
    bucket.client.delete_bucket_policy(Bucket=bucket.name)


def all_keys(bucket: Bucket) -> list[str]:
    return [found.key for page in bucket.list_objects("", page_size=1000) for found in page]


def test_a_healthy_bucket_is_well_in_every_check_and_left_as_it_was(bucket: Bucket) -> None:
    before = all_keys(bucket)
    found = findings(bucket, SITE)
    assert len(found) == 12
    assert [finding for finding in found.values() if not finding.is_well] == []
    assert all_keys(bucket) == before


def test_an_origin_that_cors_does_not_allow_is_named(bucket: Bucket) -> None:
    finding = findings(bucket, SITE, "https://elsewhere.example")["CORS"]
    assert not finding.is_well
    assert "https://elsewhere.example" in finding.detail


def test_cors_that_lets_no_download_go_on_is_named(bucket: Bucket) -> None:
    rule: CORSRuleTypeDef = {
        "AllowedOrigins": [SITE],
        "AllowedMethods": ["GET", "POST", "PUT"],
        "AllowedHeaders": ["content-type", "x-amz-checksum-sha256"],
    }
    bucket.client.put_bucket_cors(Bucket=bucket.name, CORSConfiguration={"CORSRules": [rule]})
    finding = findings(bucket, SITE)["CORS"]
    bucket.client.delete_bucket_cors(Bucket=bucket.name)
    bucket.allow_origins(settings.SITE_ORIGINS)
    assert finding.detail == f"A browser at {SITE} may not send GET with the headers if-match,range."


def test_a_bucket_that_does_not_answer_is_one_finding() -> None:
    address = "http://127.0.0.1:1"
    nowhere = Bucket(replace(settings.BUCKET, endpoint_url=address, public_endpoint_url=address))
    (finding,) = Doctor(nowhere, [SITE]).examine()
    assert (finding.check, finding.is_well) == ("Reachable", False)


@pytest.mark.django_db
@pytest.mark.usefixtures("bucket")
def test_the_command_says_what_it_found() -> None:
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "All checks passed." in out.getvalue()


@pytest.mark.django_db
@pytest.mark.usefixtures("with_policy")
def test_a_bucket_that_strangers_can_read_fails_the_command() -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="1 check failed"):
        call_command("doctor", stdout=out)
    assert "failed  Private: An anonymous read was not refused" in out.getvalue()
    assert "Remove every public policy" in out.getvalue()


def test_mending_cors_keeps_the_rules_of_others(bucket: Bucket) -> None:
    theirs: CORSRuleTypeDef = {
        "ID": "theirs",
        "AllowedOrigins": ["https://theirs.example"],
        "AllowedMethods": ["GET"],
    }
    bucket.client.put_bucket_cors(Bucket=bucket.name, CORSConfiguration={"CORSRules": [theirs]})
    for _ in range(2):
        bucket.allow_origins([SITE])
    rules = bucket.client.get_bucket_cors(Bucket=bucket.name)["CORSRules"]
    assert [rule["AllowedOrigins"] for rule in rules] == [["https://theirs.example"], [SITE]]
    assert bucket.allowed_origins() == [SITE]
    bucket.client.delete_bucket_cors(Bucket=bucket.name)
    bucket.allow_origins(settings.SITE_ORIGINS)
