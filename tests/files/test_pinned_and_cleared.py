"""A signature of an upload takes its bytes alone, and clearing away spares what a file needs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sharing.accounts.models import User
from sharing.files import tasks
from sharing.files.models import File, OrphanedObject, Upload
from sharing.storage.bucket import Bucket
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.bucket_client import put_part, send_form, sha256
from tests.factories import announced, sent_file, started_upload
from tests.people import RunTasks

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("bucket")
def test_a_form_takes_neither_less_nor_more_nor_other_bytes(alice: User) -> None:
    form = announced(alice, b"hello").presign_form()
    assert [send_form(form, body).status for body in (b"hell", b"hello!", b"HELLO")] == [400, 400, 400]
    assert send_form(form, b"hello").status == 201


def test_the_policy_of_a_form_names_exactly_its_length(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    monkeypatch.setattr(Bucket, "presign_form", lambda _, key, **said: asked.update(said))
    announced(alice, b"hello").presign_form()
    assert (asked["smallest"], asked["largest"], asked["sha256"]) == (5, 5, sha256(b"hello"))


@pytest.mark.usefixtures("bucket")
def test_a_signed_part_is_pinned_to_its_bytes(alice: User) -> None:
    upload = started_upload(alice, DEFAULT_PART_SIZE + 3)
    number = upload.plan.part_count
    body = b"e" * upload.plan.length_of(number)
    [part] = upload.presign_parts({number: sha256(body)})
    assert part.headers == {"x-amz-checksum-sha256": sha256(body)}
    assert put_part(part, body.upper()).status == 400
    assert put_part(part, body).status == 200


def test_an_orphaned_object_that_a_file_needs_is_never_deleted(alice: User, bucket: Bucket) -> None:
    file = sent_file(alice)
    OrphanedObject.objects.create(key=file.object_key, sendable_until=timezone.now() - timedelta(days=1))
    tasks.delete_orphaned_objects.call()
    tasks.release_purged_quota.call()
    assert bucket.holds(file.object_key)


def test_removing_a_file_for_good_drops_the_copy_that_was_under_way(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = sent_file(alice)
    file.schedule_key_rotation()
    file.refresh_from_db()
    assert file.next_key
    bucket.create_multipart(file.next_key, content_type="text/plain", with_sha256=False)
    file.delete_by(alice)
    File.objects.discard()
    Upload.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    run_tasks()
    assert not any(page for page in bucket.list_multiparts(file.next_key, page_size=10))


def test_a_file_that_was_removed_before_it_moves_is_not_copied(
    alice: User, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent_file(alice)
    file.schedule_key_rotation()
    file.delete_by(alice)
    File.objects.discard()
    monkeypatch.setattr(Bucket, "copy", lambda *_, **__: pytest.fail("it was copied"))
    file.rotate_key()
