"""An upload whose bytes have all arrived is completed, even if nobody asks for it any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File, Upload
from sharing.files.tasks import complete_arrived_uploads
from sharing.storage.bucket import Bucket
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.bucket_client import fetch, send_form, sha256
from tests.factories import send_parts, started_upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]
LARGE = b"0123456789abcdef" * (DEFAULT_PART_SIZE // 16) + b"end"


def heal(*, after: timedelta = timedelta(minutes=11)) -> None:
    Upload.objects.update(created_at=timezone.now() - after)
    complete_arrived_uploads.call()


def state_of(upload: Upload) -> str:
    return Upload.objects.get(pk=upload.pk).state


def test_a_completion_that_never_came(alice: User) -> None:
    small = Upload.objects.start(owner=alice, name="a", size=5, with_sha256=True, sha256=sha256(b"hello"))
    large = started_upload(alice, len(LARGE))
    send_form(small.presign_form(), b"hello")
    send_parts(large, LARGE)
    heal()
    for upload, body in ((small, b"hello"), (large, LARGE)):
        file = File.objects.get(pk=upload.file_id)
        assert (file.check_made, fetch(file.presigned_url()).data) == (File.Check.SHA256, body)


def test_a_crash_between_the_buckets_completion_and_the_databases(alice: User) -> None:
    upload = started_upload(alice, len(LARGE))
    send_parts(upload, LARGE)
    upload.verify(dict(upload.parts.values_list("number", "sha256")))
    assert state_of(upload) == "open"
    heal()
    assert state_of(upload) == "complete"


def test_what_is_still_on_its_way_stays_so(alice: User) -> None:
    half, none = started_upload(alice, len(LARGE)), started_upload(alice, len(LARGE))
    send_parts(half, LARGE, only={2})
    heal()
    assert (state_of(half), state_of(none)) == ("open", "open")
    send_parts(half, LARGE, only={1, 3, 4})
    half.complete()


def test_a_page_that_is_about_to_complete_is_left_to_it(alice: User) -> None:
    upload = started_upload(alice, len(LARGE))
    send_parts(upload, LARGE)
    heal(after=timedelta(minutes=5))
    assert state_of(upload) == "open"


def test_one_that_the_bucket_lost_ends_and_the_others_are_healed(alice: User, bucket: Bucket) -> None:
    lost, whole = started_upload(alice, len(LARGE)), started_upload(alice, len(LARGE))
    for upload in (lost, whole):
        send_parts(upload, LARGE)
    bucket.abort_multipart(lost.file.object_key, lost.multipart_id)
    heal()
    heal()
    assert (state_of(lost), state_of(whole)) == ("expired", "complete")
    assert Event.objects.filter(action="file.ready").count() == 1
