"""The trash: what is deleted can be restored for a week, and is then removed from the bucket, which is checked."""

import os
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files import tasks
from sharing.files.errors import NotInTrash
from sharing.files.models import File, Upload
from sharing.storage.bucket import Bucket
from sharing.storage.embedded import EmbeddedBucket
from sharing.storage.errors import BucketUnreachable
from tests.bucket_client import fetch, send_form
from tests.bucket_proxy import unreachable_bucket
from tests.factories import announced, let_forms_expire, link_to, recorded_file, sent_file
from tests.people import RunTasks

pytestmark = pytest.mark.django_db
BODY = os.urandom(1_000_000)


def trashed(owner: User, **fields: Any) -> File:
    file = recorded_file(owner, **fields)
    file.delete_by(owner)
    return file


def used(user: User) -> int:
    return User.objects.get(pk=user.pk).used_bytes


def post(client: Client, name: str, *files: File) -> int:
    return client.post(reverse(name, args=[file.pk for file in files])).status_code


def test_a_restored_file_is_there_again_with_its_links(
    alice: User, alice_client: Client, visitor: Client, bucket: Bucket
) -> None:
    file = sent_file(alice, b"kept")
    link = link_to(file)
    post(alice_client, "file_deletion", file)
    assert visitor.get(link.url).status_code == 410
    post(alice_client, "file_restoration", file)
    answer = visitor.post(reverse("landing_download", args=[link.token, file.pk]))
    assert fetch(answer["Location"]).data == b"kept"
    assert used(alice) == 4


def test_the_message_after_deleting_offers_to_undo_it(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    page = alice_client.post(reverse("file_deletion", args=[file.pk]), follow=True).content.decode()
    assert f'action="{reverse("file_restoration", args=[file.pk])}"' in page
    assert "Undo" in page


def test_where_there_is_no_trash_nothing_offers_to_undo_it(
    alice: User, alice_client: Client, settings: LazySettings
) -> None:
    settings.TRASH_DAYS = 0
    file = recorded_file(alice)
    page = alice_client.post(reverse("file_deletion", args=[file.pk]), follow=True).content.decode()
    assert "Deleted “" in page
    assert "Undo" not in page


def test_after_a_week_it_is_gone_from_the_bucket_and_the_quota_returns(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = sent_file(alice)
    file.delete_by(alice)
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23), tick=False):
        tasks.discard_expired_trash.call()
        assert File.objects.trashed().exists()
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        tasks.discard_expired_trash.call()
        assert used(alice) == 5, "the bucket has it still"
        assert File.objects.get().purged_at is None
    run_tasks()
    let_forms_expire()
    assert used(alice) == 0
    assert not bucket.holds(file.object_key)


def test_it_counts_as_gone_only_once_the_bucket_says_so(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = sent_file(alice)
    Upload.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    file.delete_by(alice)
    File.objects.discard()
    with unreachable_bucket(), pytest.raises(BucketUnreachable):
        tasks.purge_file.call(str(file.pk))
    assert File.objects.get().purged_at is None
    tasks.purge_discarded_files.call()
    assert File.objects.get().purged_at
    assert not bucket.holds(file.object_key)


def test_what_the_bucket_keeps_all_the_same_does_not_count_as_gone(
    alice: User, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent_file(alice)
    Upload.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    file.delete_by(alice)
    File.objects.discard()
    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "delete", lambda *_: None)
        tasks.purge_discarded_files.call()
    assert File.objects.get().purged_at is None
    tasks.purge_discarded_files.call()
    assert File.objects.get().purged_at


def test_a_form_that_is_still_good_brings_nothing_back(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = sent_file(alice, b"again")
    presigned = bucket.presign_form(file.object_key, content_type="text/plain", smallest=0, largest=9)
    file.delete_by(alice)
    File.objects.discard()
    run_tasks()
    assert send_form(presigned, b"again").status == 201
    Upload.objects.filter(file=file).update(finished_at=timezone.now() - timedelta(hours=2))
    tasks.purge_discarded_files.call()
    assert not bucket.holds(file.object_key)
    file.refresh_from_db()
    assert file.purged_at


def test_many_are_removed_a_few_at_a_time(
    alice: User, bucket: Bucket, run_tasks: RunTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PURGE_AT_ONCE", 2)
    for _ in range(5):
        trashed(alice)
    Upload.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    File.objects.discard()
    left = []
    for _ in range(3):
        run_tasks()
        left.append(File.objects.to_purge().count())
    assert left == [3, 1, 0]


@pytest.mark.usefixtures("bucket")
def test_delete_now_removes_one_and_leaves_the_others(alice: User, alice_client: Client) -> None:
    one, other = trashed(alice), trashed(alice, size=7)
    assert post(alice_client, "file_removal", one) == 302
    let_forms_expire()
    assert used(alice) == 7
    with pytest.raises(NotInTrash):
        File.objects.get(pk=one.pk).restore(by=alice)
    File.objects.get(pk=other.pk).restore(by=alice)


@pytest.mark.usefixtures("bucket")
def test_emptying_the_trash_removes_ones_own_alone(
    alice: User, alice_client: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.files.models.querysets.DISCARDED_AT_ONCE", 2)
    for size in (1, 2, 3):
        trashed(alice, size=size)
    kept, theirs = recorded_file(alice, size=9), trashed(bob)
    assert post(alice_client, "trash_emptying") == 302
    let_forms_expire()
    assert used(alice) == 9
    assert set(File.objects.filter(discarded_at=None)) == {kept, theirs}
    assert Event.objects.filter(action="file.discarded").count() == 3


@pytest.mark.usefixtures("bucket")
def test_the_quota_comes_back_once(alice: User) -> None:
    file, kept = trashed(alice), recorded_file(alice, size=7)
    for _ in range(2):
        File.objects.filter(pk=file.pk).discard(by=alice)
        let_forms_expire()
        tasks.purge_file.call(str(file.pk))
    assert used(alice) == kept.size


def test_a_file_that_is_there_is_not_discarded(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    assert post(alice_client, "file_removal", file) == 404
    assert File.objects.discard() == 0
    file.refresh_from_db()
    assert file.is_ready


def test_restoring_twice_is_one_event(alice: User) -> None:
    file = trashed(alice)
    for _ in range(2):
        file.restore(by=alice)
    assert Event.objects.filter(action="file.restored").count() == 1


def test_the_page_lists_what_is_there_with_the_time_left(
    alice: User, alice_client: Client, bob: User
) -> None:
    trashed(alice, name="mine.txt")
    trashed(bob, name="theirs.txt")
    recorded_file(alice, name="here.txt")
    page = alice_client.get(reverse("trash")).content.decode()
    assert "mine.txt" in page
    assert "6 d 23 h" in page
    assert "theirs.txt" not in page
    assert "here.txt" not in page


def test_the_dashboard_says_how_much_of_the_quota_is_in_the_trash(alice: User, alice_client: Client) -> None:
    assert "in the trash" not in alice_client.get("/").content.decode()
    trashed(alice, size=4_200_000)
    assert "4.2 MB</data> in the trash" in alice_client.get("/").content.decode()


def test_what_was_deleted_too_late_to_restore_says_so(alice: User, alice_client: Client) -> None:
    file = trashed(alice, name="late.txt")
    File.objects.discard()
    assert alice_client.post(reverse("file_restoration", args=[file.pk])).status_code == 404


@pytest.mark.parametrize("name", ["file_restoration", "file_removal"])
def test_an_outsider_gets_404(alice: User, bob_client: Client, name: str) -> None:
    file = trashed(alice)
    assert post(bob_client, name, file) == 404
    assert File.objects.trashed().get() == file


@pytest.mark.parametrize("name", ["file_restoration", "file_removal", "trash_emptying"])
def test_get_is_refused(alice: User, alice_client: Client, name: str) -> None:
    file = trashed(alice)
    args = [] if name == "trash_emptying" else [file.pk]
    assert alice_client.get(reverse(name, args=args)).status_code == 405


def test_what_is_deleted_for_good_is_given_back_to_the_disk_once_for_all(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    for name in ("a", "b"):
        sent_file(alice, name=name).delete_by(alice)
        File.objects.discard(by=alice)
        run_tasks()
    vacuuming = DBTaskResult.objects.get(task_path=tasks.reclaim_space.module_path)
    assert vacuuming.run_after - timezone.now() < timedelta(minutes=1)


def test_garbage_that_no_deletion_left_is_given_back_too(
    alice: User, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For one, a file that is sent again by the same form."""
    upload = announced(alice, BODY)
    embedded = EmbeddedBucket(settings.BUCKET, settings.HOME, port=settings.BUCKET_PORT)
    monkeypatch.setattr(tasks, "MAX_GARBAGE", embedded.garbage() + len(BODY))
    assert not tasks.is_garbage_left()
    for _ in range(3):
        assert send_form(upload.presign_form(), BODY).status == 201
    until_deleted = time.monotonic() + 30
    while not tasks.is_garbage_left() and time.monotonic() < until_deleted:
        pass  # the volume hears of it a moment later
    assert tasks.is_garbage_left()
