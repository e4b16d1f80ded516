"""Moving an object: every URL signed before dies, and whatever happens on the way, the file is there."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.background import URGENT
from sharing.files import tasks
from sharing.files.errors import CopyDiffers
from sharing.files.models import File, OrphanedObject, Upload
from sharing.files.reconciling import Reconciliation
from sharing.storage.bucket import Bucket
from sharing.storage.copying import Copying
from sharing.storage.errors import BucketUnreachable, ObjectMissing, StorageError
from sharing.storage.multipart import StoredPart
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.bucket_client import fetch, send_form, sha256
from tests.bucket_proxy import bucket_without_sha256, unreachable_bucket
from tests.factories import link_to, send_parts, sent_file, started_upload
from tests.people import RunTasks
from tests.races import race, refused

pytestmark = pytest.mark.django_db
WEEK = 604_800
LARGE = os.urandom(1 << 20) * (DEFAULT_PART_SIZE >> 20) + b"the end"


def large_file(owner: User) -> File:
    upload = Upload.objects.start(
        owner=owner, name="film.mov", size=len(LARGE), content_type="video/quicktime", with_sha256=True
    )
    send_parts(upload, LARGE)
    upload.complete()
    return File.objects.get(pk=upload.file_id)


def unpinned_file(owner: User, body: bytes) -> File:
    """Sent in one part without a digest."""
    upload = started_upload(owner, len(body), name="a.txt", with_sha256=False)
    send_parts(upload, body)
    upload.complete()
    return upload.file


def what_the_row_says(file: File) -> tuple[int, str, str]:
    file.refresh_from_db()
    return file.size, file.etag, file.sha256


def what_the_bucket_says(bucket: Bucket, file: File) -> tuple[int, str, str]:
    stored = bucket.head(file.object_key)
    return stored.size, stored.etag, stored.sha256


def in_the_bucket(bucket: Bucket, *keys: str) -> list[str]:
    return [key for key in keys if bucket.holds(key)]


def test_a_direct_url_issued_for_7_days_dies_with_its_revocation_and_another_link_goes_on(
    alice: User, alice_client: Client, visitor: Client, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = sent_file(alice, b"direct")
    link = link_to(file)
    url, _ = file.create_direct_url(seconds=WEEK, by=alice)
    assert fetch(url).status == 200
    alice_client.post(reverse("file_direct_urls_revocation", args=[file.pk]))
    assert fetch(url).status == 200, "the object is moved in the background"
    run_tasks()
    assert fetch(url).status == 404
    answer = visitor.post(reverse("landing_download", args=[link.token, file.pk]))
    assert fetch(answer["Location"]).data == b"direct"
    actions = list(
        Event.objects.filter(subject_id=str(file.pk)).order_by("pk").values_list("action", flat=True)
    )
    assert actions[-3:] == ["file.presigned", "file.direct_urls_revoked", "file.moved"]


def test_the_row_says_what_the_bucket_says_of_the_copy(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    for file in (sent_file(alice), unpinned_file(alice, b"unpinned"), large_file(alice)):
        before, old_key = what_the_row_says(file), file.object_key
        check = file.check_made
        file.schedule_key_rotation()
        run_tasks()
        assert what_the_row_says(file) == before == what_the_bucket_says(bucket, file)
        assert (file.check_made, file.is_rekeying, bucket.holds(old_key)) == (check, False, False)


def test_an_object_that_came_in_parts_keeps_its_composite_digest_and_every_byte(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = large_file(alice)
    digest = file.sha256
    assert digest.endswith("-4")
    file.schedule_key_rotation()
    run_tasks()
    file.refresh_from_db()
    assert file.sha256 == digest
    assert fetch(file.presigned_url()).data == LARGE
    stored = bucket.client.head_object(Bucket=bucket.name, Key=file.object_key)
    assert stored["ContentType"] == "video/quicktime"


def test_an_object_too_large_for_one_call_is_copied_in_parts(bucket: Bucket, alice: User) -> None:
    body = LARGE * 2
    bucket.put("files/large", body, sha256=sha256(body))
    bucket.copy("files/large", "files/copy", size=len(body), content_type="text/plain", largest=len(body) - 1)
    assert bucket.head("files/copy").etag.endswith("-7")
    assert fetch(bucket.presign_download("files/copy", filename="a", content_type="text/plain")).data == body


def test_a_copy_that_was_broken_off_goes_on_where_it_was(
    alice: User, bucket: Bucket, run_tasks: RunTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = large_file(alice)
    copied = broken_after_one_part(monkeypatch)
    file.schedule_key_rotation()
    with pytest.raises(BucketUnreachable):
        run_tasks()
    file.refresh_from_db()
    assert file.is_rekeying
    assert fetch(file.presigned_url()).data == LARGE, "where it was"
    first = copied.copy()
    tasks.rotate_key.call(str(file.pk))
    assert sorted(copied) == [1, 2, 3, 4]
    assert 0 < len(first) < 4
    assert fetch(File.objects.get(pk=file.pk).presigned_url()).data == LARGE


def broken_after_one_part(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have the first call copy one part alone; gives the numbers of the parts that were copied."""
    copy_part, copied = Copying._copy_part, []

    def breaking(self: Copying, key: str, target: str, multipart_id: str, plan: object, number: int) -> bool:
        if number == 2 and 2 not in asked:
            asked.append(2)
            raise BucketUnreachable("the network is gone")
        digested = copy_part(self, key, target, multipart_id, plan, number)  # type: ignore[arg-type]
        copied.append(number)
        return digested

    asked: list[int] = []
    monkeypatch.setattr(Copying, "_copy_part", breaking)
    return copied


def test_a_bucket_that_is_away_is_waited_for(alice: User, bucket: Bucket, run_tasks: RunTasks) -> None:
    file = sent_file(alice)
    url, _ = file.create_direct_url(seconds=WEEK)
    file.revoke_direct_urls()
    with unreachable_bucket(), pytest.raises(BucketUnreachable):
        run_tasks()
    File.objects.update(move_asked_at=timezone.now() - timedelta(seconds=11))
    assert tasks.is_key_rotation_unfinished()
    tasks.finish_key_rotations.call()
    run_tasks()
    assert fetch(url).status == 404
    assert what_the_row_says(file) == what_the_bucket_says(bucket, file)


def test_a_worker_killed_between_the_row_and_the_bucket_leaves_no_old_object(
    alice: User, bucket: Bucket, run_tasks: RunTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent_file(alice)
    url, _ = file.create_direct_url(seconds=WEEK)
    file.revoke_direct_urls()
    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "delete", killed)
        with pytest.raises(SystemExit):
            run_tasks()
    assert fetch(url).status == 200
    Upload.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    OrphanedObject.objects.update(sendable_until=timezone.now() - timedelta(hours=1))
    tasks.delete_orphaned_objects.call()
    assert fetch(url).status == 404
    assert not OrphanedObject.objects.exists()
    assert bucket.holds(File.objects.get(pk=file.pk).object_key)


def test_an_unfinished_move_is_queued_once_however_often_it_is_looked_for(
    alice: User, bucket: Bucket
) -> None:
    for name in ("a", "b"):
        sent_file(alice, name=name).schedule_key_rotation()
    File.objects.update(move_asked_at=timezone.now() - timedelta(seconds=11))
    DBTaskResult.objects.all().delete()  # a worker that was killed
    for _ in range(3):
        tasks.finish_key_rotations.call()
    moves = DBTaskResult.objects.filter(task_path=tasks.rotate_key.module_path)
    assert moves.count() == 2
    assert set(moves.values_list("priority", flat=True)) == {URGENT}


def test_a_move_that_has_just_been_asked_for_is_left_to_its_task(alice: User, bucket: Bucket) -> None:
    assert not tasks.is_key_rotation_unfinished()
    sent_file(alice).schedule_key_rotation()
    assert not tasks.is_key_rotation_unfinished()


def test_an_old_object_that_a_killed_worker_left_is_deleted_within_half_a_minute(
    alice: User, bucket: Bucket, run_tasks: RunTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent_file(alice)
    url, _ = file.create_direct_url(seconds=WEEK)
    file.revoke_direct_urls()
    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "delete", killed)
        with pytest.raises(SystemExit):
            run_tasks()
    assert fetch(url).status == 200
    OrphanedObject.objects.update(left_at=timezone.now() - timedelta(seconds=11))
    assert tasks.is_key_rotation_unfinished()
    tasks.finish_key_rotations.call()
    assert fetch(url).status == 404


def test_what_an_outage_leaves_behind_is_tried_again_soon(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    OrphanedObject.objects.add_keys({"files/gone": timezone.now()})
    for _ in range(3):
        with unreachable_bucket(), pytest.raises(BucketUnreachable):
            tasks.delete_orphaned_objects.call()
    again = DBTaskResult.objects.get(task_path=tasks.delete_orphaned_objects.module_path)
    assert timedelta() < again.run_after - timezone.now() < timedelta(seconds=30)


def killed(*args: object) -> None:
    raise SystemExit


def test_moving_twice_is_once(alice: User, bucket: Bucket, run_tasks: RunTasks) -> None:
    file = sent_file(alice)
    file.schedule_key_rotation()
    file.schedule_key_rotation()
    run_tasks()
    moved_to = File.objects.get(pk=file.pk).object_key
    tasks.rotate_key.call(str(file.pk))
    assert File.objects.get(pk=file.pk).object_key == moved_to
    assert Event.objects.filter(action="file.moved").count() == 1
    assert in_the_bucket(bucket, file.object_key, moved_to) == [moved_to]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [sent_file, large_file])
def test_racing_workers_move_it_once(alice: User, bucket: Bucket, make: Callable[[User], File]) -> None:
    file = make(alice)
    bytes_before = what_the_row_says(file)
    file.schedule_key_rotation()
    outcomes = race(lambda pk: tasks.rotate_key.call(str(pk)), [file.pk] * 6)
    # A call that finds the parts joined by another before the object is there is told so, and tries again.
    refused(outcomes, StorageError)
    tasks.rotate_key.call(str(file.pk))
    assert what_the_row_says(file) == bytes_before == what_the_bucket_says(bucket, file)
    assert Event.objects.filter(action="file.moved").count() == 1


@pytest.mark.parametrize("seen", [slice(0), slice(1), slice(1, None)])
def test_parts_that_go_while_another_joins_them_are_not_joined_to_a_piece(
    alice: User, bucket: Bucket, monkeypatch: pytest.MonkeyPatch, seen: slice
) -> None:
    file = large_file(alice)
    file.schedule_key_rotation()
    list_parts, calls = Bucket.list_parts, []

    def dwindling(self: Bucket, key: str, multipart_id: str) -> list[StoredPart]:
        calls.append(key)
        parts = list_parts(self, key, multipart_id)
        return parts if len(calls) == 1 else parts[seen]

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "list_parts", dwindling)
        with pytest.raises(ObjectMissing):
            tasks.rotate_key.call(str(file.pk))
    file.refresh_from_db()
    assert len(calls) == 2
    assert not bucket.holds(str(file.next_key))
    tasks.rotate_key.call(str(file.pk))
    assert what_the_row_says(file) == what_the_bucket_says(bucket, file)
    assert bucket.head(file.object_key).size == len(LARGE)


def test_of_two_moves_the_late_one_takes_nothing_away(
    alice: User, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slower worker finds its own target named by the row already: that object is live."""
    file = sent_file(alice)
    file.schedule_key_rotation()
    slow = File.objects.get(pk=file.pk)
    old, new = slow.object_key, str(slow.next_key)
    copy = slow._copy_object(new)
    tasks.rotate_key.call(str(file.pk))
    assert slow._save_key(old, new, copy) == []
    assert not OrphanedObject.objects.filter(key=new).exists()
    assert fetch(File.objects.get(pk=file.pk).presigned_url()).data == b"hello"


def test_an_orphaned_object_that_names_a_live_one_is_not_deleted(alice: User, bucket: Bucket) -> None:
    file = sent_file(alice)
    file.schedule_key_rotation()
    file.refresh_from_db()
    bucket.copy(file.object_key, str(file.next_key), size=5, content_type="text/plain")
    OrphanedObject.objects.add_keys(dict.fromkeys([file.object_key, str(file.next_key)], timezone.now()))
    tasks.delete_orphaned_objects.call()
    assert in_the_bucket(bucket, file.object_key, str(file.next_key)) == [file.object_key, file.next_key]


def test_what_was_discarded_before_its_move_begins_is_not_copied(
    alice: User, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent_file(alice)
    file.schedule_key_rotation()
    File.objects.update(deleted_at=timezone.now(), discarded_at=timezone.now())
    asked: list[object] = []
    monkeypatch.setattr(Copying, "copy", lambda *args, **options: asked.append(args))
    tasks.rotate_key.call(str(file.pk))
    assert asked == []


def test_an_open_copy_in_parts_of_what_is_discarded_is_aborted(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = large_file(alice)
    file.schedule_key_rotation()
    file.refresh_from_db()
    target = str(file.next_key)
    bucket.create_multipart(target, content_type="text/plain", with_sha256=True)
    DBTaskResult.objects.all().delete()  # the worker that copied was killed
    File.objects.update(deleted_at=timezone.now(), discarded_at=timezone.now())
    File.objects.get().purge()
    open_uploads = bucket.client.list_multipart_uploads(Bucket=bucket.name, Prefix=target)
    assert not open_uploads.get("Uploads")


def test_a_copy_that_is_not_the_same_is_not_taken(
    alice: User, bucket: Bucket, run_tasks: RunTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent_file(alice, b"right")
    file.schedule_key_rotation()

    def miscopied(self: Bucket, key: str, target: str) -> None:
        self.put(target, b"wrong", sha256=sha256(b"wrong"))

    monkeypatch.setattr(Copying, "_copy_whole", miscopied)
    with pytest.raises(CopyDiffers):
        run_tasks()
    assert fetch(File.objects.get(pk=file.pk).presigned_url()).data == b"right"


def test_a_form_that_is_still_good_revives_no_url_for_long(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    upload = Upload.objects.start(
        owner=alice,
        name="a.txt",
        size=5,
        content_type="text/plain",
        with_sha256=True,
        sha256=sha256(b"hello"),
    )
    form = upload.presign_form()
    send_form(form, b"hello")
    upload.complete()
    url, _ = upload.file.create_direct_url(seconds=WEEK)
    upload.file.revoke_direct_urls()
    run_tasks()
    assert send_form(form, b"hello").status == 201
    assert fetch(url).status == 200
    tasks.delete_orphaned_objects.call()
    assert fetch(url).status == 404
    assert OrphanedObject.objects.exists(), "the form could send it once more"
    OrphanedObject.objects.update(sendable_until=timezone.now() - timedelta(seconds=1))
    tasks.delete_orphaned_objects.call()
    assert not OrphanedObject.objects.exists()


def test_every_direct_url_to_a_file_dies_with_it(alice: User, bucket: Bucket, run_tasks: RunTasks) -> None:
    file = sent_file(alice)
    urls = [file.create_direct_url(seconds=WEEK)[0] for _ in range(3)]
    assert file.revoke_direct_urls() == 3
    run_tasks()
    assert {fetch(url).status for url in urls} == {404}
    new, _ = file.create_direct_url(seconds=WEEK)
    assert fetch(new).data == b"hello"


def test_deleting_a_file_stops_its_direct_urls_and_restoring_does_not_revive_them(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = sent_file(alice)
    url, _ = file.create_direct_url(seconds=WEEK)
    file.delete_by(alice)
    run_tasks()
    assert fetch(url).status == 404
    file.restore(by=alice)
    assert fetch(url).status == 404
    file.refresh_from_db()
    assert fetch(file.presigned_url()).data == b"hello"


def test_suspending_an_owner_stops_their_direct_urls(
    alice: User, bob: User, carol: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    urls = {owner: sent_file(owner).create_direct_url(seconds=WEEK)[0] for owner in (alice, bob)}
    alice.suspend(by=carol)
    run_tasks()
    assert fetch(urls[alice]).status == 404
    assert fetch(urls[bob]).status == 200


def test_a_file_that_is_removed_for_good_while_it_moves_leaves_neither_object(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = sent_file(alice)
    Upload.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    file.schedule_key_rotation()
    file.refresh_from_db()
    assert file.next_key
    bucket.copy(file.object_key, file.next_key, size=5, content_type="text/plain")
    file.delete_by(alice)
    File.objects.discard()
    run_tasks()
    assert in_the_bucket(bucket, file.object_key, file.next_key) == []
    assert File.objects.get().purged_at


def test_reconciling_leaves_a_copy_in_progress_alone(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file, in_parts = sent_file(alice), large_file(alice)
    for moving in (file, in_parts):
        moving.schedule_key_rotation()
        moving.refresh_from_db()
    assert file.next_key
    assert in_parts.next_key
    bucket.copy(file.object_key, file.next_key, size=5, content_type="text/plain")
    bucket.create_multipart(in_parts.next_key, content_type="text/plain", with_sha256=True)
    found = Reconciliation(bucket, grace=timedelta(minutes=-1), page_size=1).survey()
    named = " ".join(str(difference) for difference in found)
    assert file.next_key not in named
    assert in_parts.next_key not in named
    run_tasks()
    assert fetch(File.objects.get(pk=in_parts.pk).presigned_url()).data == LARGE


@pytest.fixture(params=[False, True], ids=["dropping", "refusing"])
def poorer_bucket(request: pytest.FixtureRequest, bucket: Bucket) -> Iterator[Bucket]:
    with bucket_without_sha256(refusing=request.param) as poorer:
        yield poorer


def test_where_the_bucket_does_no_sha256_files_move_all_the_same(
    alice: User, poorer_bucket: Bucket, run_tasks: RunTasks
) -> None:
    upload = started_upload(alice, len(LARGE), with_sha256=False)
    send_parts(upload, LARGE)
    upload.complete()
    for file in (upload.file, unpinned_file(alice, b"small")):
        file.schedule_key_rotation()
        run_tasks()
        file.refresh_from_db()
        assert (file.is_rekeying, file.check_made) == (False, File.Check.SIZE)
        assert poorer_bucket.holds(file.object_key)


def test_a_digest_that_the_bucket_does_not_give_the_copy_is_not_claimed(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = large_file(alice)
    with bucket_without_sha256(refusing=False):
        file.schedule_key_rotation()
        run_tasks()
    file.refresh_from_db()
    assert (file.sha256, file.check_made) == ("", File.Check.SIZE)
    assert fetch(file.presigned_url()).data == LARGE
