"""Whatever single right the bucket refuses our keys: nothing is a traceback, and what was refused is named."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from sharing.accounts.models import User
from sharing.runtime.serving import NoBucket, Serving
from sharing.storage.bucket import Bucket
from sharing.storage.errors import StorageError
from tests.bucket_proxy import bucket_at, bucket_behind, refusing
from tests.factories import sent_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]

SITE = "https://new.example"
# README asks for these: to read, write, list and delete.
README = [
    *("GetObject", "HeadObject", "PutObject", "PostObject", "DeleteObject", "ListObjectsV2"),
    *("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload"),
    *("ListParts", "ListMultipartUploads", "CopyObject"),
]
OTHERS = ["GetBucketCors", "PutBucketCors", "HeadBucket", "CreateBucket"]


@pytest.fixture(autouse=True)
def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor waits for a URL to expire, which is not what these tests are about."""
    monkeypatch.setattr("sharing.storage.doctor.time.sleep", lambda _: None)


@pytest.fixture(autouse=True)
def external(bucket: Bucket) -> Iterator[None]:
    """As a bucket is that somebody else runs, for a site that its CORS rules do not name."""
    bucket.allow_origins(settings.SITE_ORIGINS)
    with override_settings(
        BUCKET=replace(settings.BUCKET, is_embedded=False), SITE_URL=SITE, SITE_ORIGINS=[SITE]
    ):
        yield
    bucket.allow_origins(settings.SITE_ORIGINS)


def prepared() -> str:
    said: list[str] = []
    Serving(say=lambda line: said.append(str(line)))._prepare_bucket()
    return " ".join(said)


@pytest.mark.parametrize("action", [*README, *OTHERS])
def test_serve_starts_with_any_single_right_refused(action: str) -> None:
    with bucket_behind(refusing(action)):
        said = prepared()
    assert (action in said) == (action in {"GetBucketCors", "PutBucketCors"})
    if action == "PutBucketCors":
        assert f"CORS rules don't allow {SITE} and can't be changed from here" in said


def test_serve_starts_with_exactly_the_rights_that_readme_names() -> None:
    with bucket_behind(refusing(*OTHERS)):
        assert "GetBucketCors" in prepared()


def test_serve_makes_no_bucket_but_its_own(bucket: Bucket) -> None:
    elsewhere = override_settings(BUCKET=replace(settings.BUCKET, name="nowhere"))
    with elsewhere, bucket_at(settings.BUCKET.endpoint_url) as nowhere:
        with pytest.raises(NoBucket, match=r"no bucket called nowhere .* doctor --create-bucket"):
            prepared()
        assert not nowhere.exists()
        with suppress(CommandError):
            call_command("doctor", "--create-bucket", "--mend-cors", stdout=StringIO())
        assert nowhere.exists()
        nowhere.client.delete_bucket(Bucket="nowhere")


@pytest.mark.parametrize("action", [*README, *OTHERS])
def test_the_doctor_names_what_was_refused(action: str) -> None:
    out = StringIO()
    with bucket_behind(refusing(action)) as bucket:
        bucket_rules(bucket, action)
        with suppress(CommandError):
            call_command("doctor", stdout=out)
    is_needed = action in README and action not in {"CopyObject", "GetObject", "PostObject", "UploadPart"}
    if is_needed:
        assert f"calling the {action} operation" in out.getvalue()
        assert "Give Waybill's key permission to read, write, list and delete" in out.getvalue()
    if action in {"GetObject", "PostObject", "UploadPart"}:
        assert "was answered with status 403" in out.getvalue()


def bucket_rules(bucket: Bucket, action: str) -> None:
    if action not in {"GetBucketCors", "PutBucketCors"}:
        bucket.allow_origins([SITE])


@pytest.mark.parametrize("action", ["GetBucketCors", "PutBucketCors"])
def test_mending_cors_without_the_right_is_answered_with_a_sentence(action: str) -> None:
    out = StringIO()
    with bucket_behind(refusing(action)), pytest.raises(CommandError):
        call_command("doctor", "--mend-cors", stdout=out)
    assert "The CORS rules were not changed. Allow the site's origin in" in out.getvalue()
    assert action in out.getvalue()
    assert "Form upload" in out.getvalue(), "the examination goes on"


def test_creating_a_bucket_without_the_right_is_answered_with_a_sentence() -> None:
    out = StringIO()
    nowhere = override_settings(BUCKET=replace(settings.BUCKET, name="nowhere"))
    with nowhere, bucket_behind(refusing("CreateBucket")), pytest.raises(CommandError):
        call_command("doctor", "--create-bucket", stdout=out)
    assert "The bucket was not created. Create it in your storage service's console" in out.getvalue()


@pytest.mark.parametrize("action", [*README, *OTHERS])
def test_reconcile_says_what_was_refused_and_changes_nothing(alice: User, action: str) -> None:
    file = sent_file(alice)
    said = ""
    with bucket_behind(refusing(action)):
        try:
            call_command("reconcile", "--repair", "--yes", "--grace-hours=1", stdout=StringIO())
        except CommandError as error:
            said = str(error)
    assert (action in said) == (action in {"ListObjectsV2", "ListMultipartUploads"})
    file.refresh_from_db()
    assert file.is_ready


def test_wrong_keys_stop_the_start() -> None:
    strangers = override_settings(BUCKET=replace(settings.BUCKET, access_key="NOBODY"))
    with strangers, bucket_at(settings.BUCKET.endpoint_url), pytest.raises(StorageError):
        prepared()
