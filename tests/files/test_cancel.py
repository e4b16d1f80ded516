"""Cancelling, and what becomes of an upload that nobody finishes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sharing.accounts.models import User
from sharing.files import tasks
from sharing.files.errors import UploadClosed
from sharing.files.models import Upload
from sharing.files.tasks import expire_uploads
from sharing.storage.bucket import Bucket
from sharing.storage.errors import MultipartMissing
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.factories import let_forms_expire, send_parts, sent_file, started_upload
from tests.people import RunTasks

pytestmark = pytest.mark.django_db
BODY = b"a" * (DEFAULT_PART_SIZE + 1)


def test_the_parts_are_dropped_and_the_quota_is_returned(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    upload = started_upload(alice, len(BODY))
    send_parts(upload, BODY, only={2})
    upload.cancel(by=alice)
    run_tasks()
    alice.refresh_from_db()
    assert alice.used_bytes == 0
    with pytest.raises(MultipartMissing):
        bucket.list_parts(upload.file.object_key, upload.multipart_id)


@pytest.mark.usefixtures("bucket")
def test_cancelling_twice_returns_the_quota_once(alice: User, run_tasks: RunTasks) -> None:
    keep, drop = started_upload(alice, len(BODY)), started_upload(alice, len(BODY))
    drop.cancel(by=alice)
    Upload.objects.get(pk=drop.pk).cancel(by=alice)
    run_tasks()
    tasks.purge_file.call(str(drop.file_id))
    alice.refresh_from_db()
    assert alice.used_bytes == keep.reserved


@pytest.mark.usefixtures("bucket")
def test_what_has_arrived_cannot_be_cancelled(alice: User) -> None:
    file = sent_file(alice)
    with pytest.raises(UploadClosed, match="Delete the file instead"):
        file.upload.cancel(by=alice)
    file.refresh_from_db()
    assert file.is_ready


@pytest.mark.usefixtures("bucket")
def test_an_upload_expires_after_its_days(alice: User) -> None:
    upload = started_upload(alice, len(BODY))
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=-5)):
        expire_uploads.call()
        upload.refresh_from_db()
        assert upload.state == Upload.State.OPEN
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=5)):
        expire_uploads.call()
        expire_uploads.call()
    let_forms_expire()
    upload.refresh_from_db()
    alice.refresh_from_db()
    assert (upload.state, alice.used_bytes) == (Upload.State.EXPIRED, 0)
