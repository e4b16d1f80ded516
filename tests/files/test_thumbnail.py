"""A picture's thumbnail: sent straight to the bucket, shown in lists, and never without its file."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files import tasks
from sharing.files.errors import NotArrived
from sharing.files.models import File, OrphanedObject, Upload
from sharing.files.models.thumbnail import MAX_THUMBNAIL_SIZE, Thumbnailed
from sharing.files.object_keys import thumbnail_key
from sharing.storage.bucket import Bucket
from sharing.storage.presigning import PresignedPost
from tests.bucket_client import fetch, send_form, sha256
from tests.bucket_proxy import bucket_without_sha256
from tests.factories import picture, recorded_file, send_thumbnail
from tests.people import RunTasks

pytestmark = pytest.mark.django_db
SMALL = b"a small picture"
PINNED: dict[str, Any] = {"size": len(SMALL), "sha256": sha256(SMALL)}


def post(client: Client, file: File, step: str = "", **data: Any) -> Any:
    return client.post(f"/api/v1/files/{file.pk}/thumbnail/{step}", data, content_type="application/json")


def kind_of(problem: Any) -> tuple[int, str]:
    return problem.status_code, problem.json()["type"].rpartition("/")[2]


@pytest.mark.usefixtures("bucket")
def test_it_is_shown_once_the_bucket_has_it(alice: User, alice_client: Client) -> None:
    file = picture(alice)
    form = PresignedPost(**post(alice_client, file, **PINNED).json())
    assert kind_of(post(alice_client, file, "completion/")) == (409, "not-arrived")
    assert send_form(form, SMALL).status == 201
    assert b"<img" not in alice_client.get("/").content, "nobody has asked the bucket yet"
    for _ in range(2):
        assert post(alice_client, file, "completion/").status_code == 204
    for page in ("/", file.get_absolute_url()):
        assert b"X-Amz-Signature" in alice_client.get(page).content
    file.refresh_from_db()
    shown = fetch(file.thumbnail_url())
    assert (shown.data, shown.headers["Content-Type"]) == (SMALL, "image/jpeg")
    assert Event.objects.filter(action="file.thumbnail_kept").count() == 1


@pytest.mark.usefixtures("bucket")
def test_it_counts_as_bytes_of_its_owner_and_not_of_its_file(alice: User) -> None:
    file = picture(alice, thumbnail=SMALL)
    alice.refresh_from_db()
    file.refresh_from_db()
    assert (file.size, alice.used_bytes) == (5, 5 + len(SMALL))


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("body", [SMALL[:-1], SMALL + b".", SMALL[::-1]], ids=["shorter", "longer", "other"])
def test_its_form_takes_the_announced_bytes_alone(alice: User, body: bytes) -> None:
    assert send_form(picture(alice).presign_thumbnail_form(**PINNED), body).status >= 400


@pytest.mark.usefixtures("bucket")
def test_its_form_takes_no_other_type(alice: User) -> None:
    form = picture(alice).presign_thumbnail_form(**PINNED)
    form.fields["Content-Type"] = "text/html"
    assert send_form(form, SMALL).status == 403


@pytest.mark.parametrize(
    ("changed", "slug"),
    [
        ({"size": MAX_THUMBNAIL_SIZE + 1}, "invalid-thumbnail"),
        ({"size": 0}, "invalid-thumbnail"),
        ({"sha256": ""}, "invalid-thumbnail"),
        ({"sha256": "short"}, "invalid-part"),
        ({"size": "1"}, "invalid"),
    ],
)
def test_bad_input_is_explained(
    alice: User, alice_client: Client, changed: dict[str, Any], slug: str
) -> None:
    file = recorded_file(alice)
    File.objects.update(content_type="image/png")
    assert kind_of(post(alice_client, file, **{**PINNED, **changed})) == (422, slug)


def test_only_a_picture_has_one(alice: User, alice_client: Client) -> None:
    answer = post(alice_client, recorded_file(alice), **PINNED)
    assert kind_of(answer) == (422, "invalid-thumbnail")


def test_what_is_larger_than_any_form_takes_is_not_shown(
    alice: User, alice_client: Client, bucket: Bucket
) -> None:
    file, large = picture(alice), b"x" * (MAX_THUMBNAIL_SIZE + 1)
    bucket.put(thumbnail_key(file.object_key), large, sha256=sha256(large))
    assert kind_of(post(alice_client, file, "completion/")) == (409, "arrived-damaged")


def test_where_the_bucket_does_no_sha256_its_length_is_pinned(alice: User, bucket: Bucket) -> None:
    file = picture(alice)
    with bucket_without_sha256(refusing=True):
        tasks.detect_sha256_support.call()
        form = file.presign_thumbnail_form(**PINNED)
        assert {send_form(form, body).status for body in (SMALL[:-1], SMALL + b".")} == {400}
        assert send_form(form, SMALL).status == 201
        file.verify_thumbnail(by=alice)
    assert File.objects.get().has_thumbnail


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "only sent"])
def test_it_goes_with_its_file(alice: User, bucket: Bucket, run_tasks: RunTasks, is_kept: bool) -> None:
    file = picture(alice, thumbnail=SMALL if is_kept else b"")
    form = file.presign_thumbnail_form(**PINNED) if is_kept else send_thumbnail(file, SMALL)
    Upload.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    file.delete_by(alice)
    File.objects.discard()
    run_tasks()
    assert not bucket.holds(thumbnail_key(file.object_key))
    assert File.objects.get().purged_at is None, "its form could bring it back"
    assert send_form(form, SMALL).status == 201
    File.objects.update(deleted_at=timezone.now() - timedelta(minutes=11))
    tasks.purge_discarded_files.call()
    assert not bucket.holds(thumbnail_key(file.object_key))
    assert File.objects.get().purged_at


def test_it_moves_with_its_file_and_urls_signed_before_die(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = picture(alice, thumbnail=SMALL)
    url, form = file.thumbnail_url(), file.presign_thumbnail_form(**PINNED)
    file.schedule_key_rotation()
    run_tasks()
    assert fetch(url).status == 404
    file.refresh_from_db()
    assert fetch(file.thumbnail_url()).data == SMALL
    assert send_form(form, SMALL).status == 201
    tasks.delete_orphaned_objects.call()
    assert fetch(url).status == 404
    assert (
        OrphanedObject.objects.filter(sendable_until__lt=timezone.now() + timedelta(minutes=11)).count() == 1
    )


def test_one_that_the_bucket_lost_does_not_keep_its_file_from_moving(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = picture(alice, thumbnail=SMALL)
    bucket.delete(thumbnail_key(file.object_key))
    file.schedule_key_rotation()
    run_tasks()
    moved = File.objects.get()
    assert (moved.is_rekeying, moved.has_thumbnail) == (False, False)


def test_one_that_comes_while_its_file_moves_stays_behind(
    alice: User, bucket: Bucket, run_tasks: RunTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = picture(alice)
    copied = Thumbnailed.copy_thumbnail

    def overtaken(self: Thumbnailed, target: str) -> bool:
        is_copied = copied(self, target)
        send_thumbnail(file, SMALL)
        file.verify_thumbnail(by=alice)
        return is_copied

    monkeypatch.setattr(Thumbnailed, "copy_thumbnail", overtaken)
    file.schedule_key_rotation()
    run_tasks()
    moved = File.objects.get()
    assert not moved.has_thumbnail
    assert not bucket.holds(thumbnail_key(file.object_key))
    assert not bucket.holds(thumbnail_key(moved.object_key))


def test_one_that_comes_after_its_file_was_moved_is_not_shown(
    alice: User, alice_client: Client, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = picture(alice)
    form = send_thumbnail(file, SMALL)
    file.schedule_key_rotation()
    run_tasks()
    assert kind_of(post(alice_client, file, "completion/")) == (409, "not-arrived")
    assert send_form(form, SMALL).status == 201
    with pytest.raises(NotArrived):
        file.verify_thumbnail(by=alice)
    assert not File.objects.get().has_thumbnail


def test_a_thumbnail_that_is_shown_is_no_orphaned_object(alice: User, bucket: Bucket) -> None:
    file = picture(alice, thumbnail=SMALL)
    OrphanedObject.objects.add_keys({thumbnail_key(file.object_key): timezone.now()})
    tasks.delete_orphaned_objects.call()
    assert fetch(file.thumbnail_url()).data == SMALL
