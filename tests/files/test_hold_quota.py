"""The bytes that a user can bring into the bucket never exceed the quota, whatever was signed for it before.

A signature outlives the upload that it was made for: so what it could bring is held until it is dead.
"""

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from sharing.accounts.errors import QuotaExceeded
from sharing.accounts.models import User
from sharing.files import tasks
from sharing.files.errors import FilesError, InvalidThumbnail, NotArrived, UploadClosed
from sharing.files.models import File, OrphanedObject, OwnerSender, Upload
from sharing.files.object_keys import thumbnail_key
from sharing.requests.models import Delivery
from sharing.storage.bucket import Bucket
from sharing.storage.errors import BucketUnreachable, CallAbandoned
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.bucket_client import put_part, send_form, sha256
from tests.factories import (
    announced,
    let_forms_expire,
    picture,
    plain_upload,
    send_parts,
    send_thumbnail,
    sent_file,
    started_upload,
)
from tests.people import RunTasks
from tests.requests.factories import known_guest, request_of

pytestmark = pytest.mark.django_db
LARGE = b"0123456789abcdef" * (DEFAULT_PART_SIZE // 16) + b"end"
BODY = b"a" * 1000


@pytest.fixture(autouse=True)
def empty_bucket(bucket: Bucket) -> None:
    for objects in bucket.list_objects("files/", page_size=1000):
        for found in objects:
            bucket.delete(found.key)
    for multiparts in bucket.list_multiparts("files/", page_size=1000):
        for begun in multiparts:
            bucket.abort_multipart(begun.key, begun.multipart_id)


def used(user: User) -> int:
    user.refresh_from_db()
    return user.used_bytes


def in_the_bucket(bucket: Bucket) -> int:
    """Bytes of objects and of parts."""
    objects = sum(found.size for page in bucket.list_objects("files/", page_size=1000) for found in page)
    parts = sum(
        part.size
        for page in bucket.list_multiparts("files/", page_size=1000)
        for found in page
        for part in bucket.list_parts(found.key, found.multipart_id)
    )
    return objects + parts


def pieces_of(upload: Upload) -> dict[int, bytes]:
    """The parts of LARGE by their numbers, the last one at the end."""
    size = upload.plan.part_size
    return {n: LARGE[(n - 1) * size : n * size] for n in range(1, upload.plan.part_count + 1)}


def accounts_agree(user: User) -> bool:
    """True if the quota is exactly what files and orphaned objects hold."""
    charged = File.objects.filter(owner=user).aggregate(sum=Sum("charged"))["sum"] or 0
    held = OrphanedObject.objects.filter(owner=user).aggregate(sum=Sum("held"))["sum"] or 0
    return used(user) == charged + held


def limit(user: User, quota: int) -> None:
    User.objects.filter(pk=user.pk).update(quota=quota)
    user.refresh_from_db()


def test_a_form_that_is_sent_after_cancelling_brings_no_more_than_the_quota(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    limit(alice, 1100)
    signed = []
    for _ in range(8):
        try:
            upload = announced(alice, BODY)
        except QuotaExceeded:
            continue
        signed.append(upload.presign_form())
        upload.cancel(by=alice)
        run_tasks()
    for form in signed:
        assert send_form(form, BODY).status == 201
    assert in_the_bucket(bucket) <= 1100
    assert len(signed) == 1
    let_forms_expire()
    assert (used(alice), in_the_bucket(bucket)) == (0, 0)
    assert announced(alice, BODY).is_open


def test_the_refusal_says_how_much_comes_back_by_itself(alice: User) -> None:
    limit(alice, 1100)
    announced(alice, BODY).cancel(by=alice)
    with pytest.raises(QuotaExceeded, match="1 kB more will be free within an hour"):
        announced(alice, BODY)


def test_cancelling_photos_and_dropping_them_again_works_where_there_is_room(alice: User) -> None:
    for upload in [announced(alice, BODY) for _ in range(10)]:
        upload.cancel(by=alice)
    assert all(announced(alice, BODY).is_open for _ in range(10))


@pytest.mark.parametrize("ending", [Upload.State.CANCELLED, Upload.State.EXPIRED, Upload.State.DAMAGED])
def test_however_an_upload_ends_its_form_is_held(
    alice: User, bucket: Bucket, run_tasks: RunTasks, ending: Upload.State
) -> None:
    upload = announced(alice, BODY)
    form = upload.presign_form()
    upload.close(ending)
    run_tasks()
    assert send_form(form, BODY).status == 201
    tasks.release_purged_quota.call()
    assert (used(alice), accounts_agree(alice)) == (1000, True)
    let_forms_expire()
    assert (used(alice), in_the_bucket(bucket), accounts_agree(alice)) == (0, 0, True)


def test_a_file_removed_for_good_is_held_while_its_form_may_bring_it_back(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    upload = announced(alice, BODY)
    form = upload.presign_form()
    assert send_form(form, BODY).status == 201
    upload.complete()
    upload.file.delete_by(alice)
    File.objects.discard(by=alice)
    run_tasks()
    assert in_the_bucket(bucket) == 0
    assert send_form(form, BODY).status == 201
    assert used(alice) == 1000
    let_forms_expire()
    assert (used(alice), in_the_bucket(bucket)) == (0, 0)


def test_a_file_whose_form_is_dead_gives_its_room_back_at_once(alice: User, run_tasks: RunTasks) -> None:
    file = sent_file(alice, BODY)
    let_forms_expire()
    file.delete_by(alice)
    File.objects.discard(by=alice)
    assert used(alice) == 1000, "the bucket has it still"
    run_tasks()
    assert used(alice) == 0


def test_the_same_bytes_again_on_a_completed_file_are_no_growth(alice: User, bucket: Bucket) -> None:
    upload = announced(alice, BODY)
    form = upload.presign_form()
    send_form(form, BODY)
    upload.complete()
    assert send_form(form, BODY).status == 201
    assert send_form(form, BODY[::-1] + b"!").status == 400
    assert (in_the_bucket(bucket), used(alice)) == (1000, 1000)


def test_a_plain_form_sent_again_after_completion_is_held(alice: User, bucket: Bucket) -> None:
    limit(alice, 4000)
    upload = plain_upload(alice, BODY)
    form = upload.presign_form()
    assert used(alice) == 4000
    upload.complete()
    assert used(alice) == 1000 + upload.form_limit == 3000
    assert send_form(form, b"b" * upload.form_limit).status in {200, 201, 303}
    assert in_the_bucket(bucket) == 3000 <= used(alice)
    let_forms_expire()
    assert (used(alice), in_the_bucket(bucket), accounts_agree(alice)) == (1000, 1000, True)


def test_a_plain_form_leaves_half_of_much_room_to_others(alice: User) -> None:
    limit(alice, 10_000_000_000)
    assert Upload.objects.start_plain(name="a", sender=OwnerSender(alice)).form_limit == 2_500_000_000
    assert used(alice) == 5_000_000_000


@pytest.mark.parametrize("in_parts", [False, True])
def test_a_copy_that_nobody_waited_for_is_charged_until_it_is_gone(
    alice: User, bucket: Bucket, monkeypatch: pytest.MonkeyPatch, *, in_parts: bool
) -> None:
    upload = plain_upload(alice, LARGE)
    reserved = used(alice)
    copy = Bucket.copy

    def copied_and_not_joined(self: Bucket, *args: Any, **options: Any) -> None:
        copy(self, *args, **options, largest=1)

    def nobody_waits(*_: object, **__: object) -> None:
        raise CallAbandoned("The bucket did not answer in time.")

    def copied_too_late(self: Bucket, *args: Any, **options: Any) -> None:
        copy(self, *args, **options)
        nobody_waits()

    monkeypatch.setattr(Bucket, "copy", copied_and_not_joined if in_parts else copied_too_late)
    if in_parts:
        monkeypatch.setattr(Bucket, "complete_multipart", nobody_waits)
    with pytest.raises(BucketUnreachable):
        upload.complete()
    for _ in range(3):
        with pytest.raises(NotArrived):
            upload.complete()
    deadline = time.monotonic() + 20
    while in_the_bucket(bucket) < 2 * len(LARGE):
        assert time.monotonic() < deadline, "the bucket does not finish the copy"
    assert used(alice) == reserved + upload.form_limit
    upload.cancel(by=OwnerSender(alice).actor)
    let_forms_expire()
    assert used(alice) == in_the_bucket(bucket) == 0


def test_of_many_completions_at_once_one_copies(alice: User) -> None:
    upload = plain_upload(alice, BODY)
    assert Upload.objects._claim([upload.pk]) == {upload.pk}
    with pytest.raises(NotArrived, match="being completed"):
        upload.complete()
    Upload.objects.update(claimed_until=None)
    upload.complete()
    assert Upload.objects.get().claimed_until is None


def test_parts_of_a_cancelled_upload_are_refused_and_its_room_returns_at_once(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    upload = started_upload(alice, len(LARGE))
    pieces = pieces_of(upload)
    signed = upload.presign_parts({number: sha256(piece) for number, piece in pieces.items()})
    assert put_part(signed[1], pieces[2]).status == 200
    upload.cancel(by=alice)
    assert used(alice) == len(LARGE), "the bucket has its part still"
    run_tasks()
    assert used(alice) == 0
    for part in signed:
        assert put_part(part, pieces[part.number]).status == 404
    assert in_the_bucket(bucket) == 0


def test_parts_of_a_completed_upload_are_refused(alice: User, bucket: Bucket) -> None:
    upload = started_upload(alice, len(LARGE))
    number, piece = pieces_of(upload).popitem()
    [last] = upload.presign_parts({number: sha256(piece)})
    send_parts(upload, LARGE)
    upload.complete()
    assert put_part(last, piece).status == 404
    assert in_the_bucket(bucket) == used(alice) == len(LARGE)


def test_a_multipart_upload_that_cannot_be_dropped_yet_is_held(alice: User, run_tasks: RunTasks) -> None:
    upload = started_upload(alice, len(LARGE))
    send_parts(upload, LARGE, only={2})

    class Clinging(Bucket):
        def abort_multipart(self, key: str, multipart_id: str) -> None:
            """AWS may keep a part that was on its way."""

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Bucket, "abort_multipart", Clinging.abort_multipart)
        upload.cancel(by=alice)
        with pytest.raises(Exception, match="has not removed the parts"):
            run_tasks()
    assert used(alice) == len(LARGE)
    tasks.release_purged_quota.call()
    assert used(alice) == 0


def test_no_part_is_signed_for_an_upload_that_was_cancelled_meanwhile(alice: User, bucket: Bucket) -> None:
    upload = started_upload(alice, len(LARGE))
    Upload.objects.get(pk=upload.pk).cancel(by=alice)
    with pytest.raises(UploadClosed):
        upload.presign_parts({2: sha256(b"end")})
    assert not any(bucket.list_multiparts("files/", page_size=10))


def test_an_upload_whose_parts_are_sent_again_and_again_is_ended(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    """SeaweedFS keeps each of them until the parts are joined."""
    twice, often = (started_upload(alice, len(LARGE)) for _ in range(2))
    piece = pieces_of(twice)[1]
    enough = 2 * len(LARGE) // len(piece)
    for upload, times in ((twice, enough), (often, enough + 1)):
        [part] = upload.presign_parts({1: sha256(piece)})
        for _ in range(times):
            assert put_part(part, piece).status == 200
    tasks.close_oversized_uploads.call()
    run_tasks()
    states = [Upload.objects.get(pk=upload.pk).state for upload in (twice, often)]
    assert states == [Upload.State.OPEN, Upload.State.DAMAGED]
    assert put_part(part, piece).status == 404


def test_after_the_quota_was_lowered_nothing_more_is_signed(
    alice: User, alice_client: Client, bucket: Bucket
) -> None:
    small, large = announced(alice, BODY), started_upload(alice, len(LARGE))
    limit(alice, 10)
    for upload in (small, large):
        refused = Upload.objects.get(pk=upload.pk)
        with pytest.raises(QuotaExceeded):
            refused.presign_form() if refused == small else refused.presign_parts({2: sha256(b"end")})
        answer = alice_client.get(f"/api/v1/uploads/{upload.pk}/")
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/quota-exceeded")
    answer = alice_client.get("/api/v1/uploads/")
    assert answer.status_code == 200, answer.content
    listed = answer.json()["items"]
    assert [item["form"] for item in listed] == [None, None]
    plain = Upload.objects.create(
        file=File.objects.create(owner=alice, name="a"),
        is_plain=True,
        reserved=0,
        expires_at=small.expires_at,
    )
    assert alice_client.get(reverse("upload", args=[plain.pk])).status_code == 200


def test_moving_a_file_holds_what_its_form_could_send_to_its_old_place(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    upload = announced(alice, BODY)
    form = upload.presign_form()
    send_form(form, BODY)
    upload.complete()
    upload.file.schedule_key_rotation()
    run_tasks()
    assert send_form(form, BODY).status == 201
    assert in_the_bucket(bucket) == 2000 == used(alice)
    let_forms_expire()
    assert (in_the_bucket(bucket), used(alice), accounts_agree(alice)) == (1000, 1000, True)


def test_thumbnails_count_and_are_refused_where_there_is_no_room(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = picture(alice)
    limit(alice, used(alice) + 300)
    send_thumbnail(file, b"t" * 200)
    form = send_thumbnail(file, b"u" * 300)
    assert used(alice) == file.size + 300
    with pytest.raises(InvalidThumbnail, match="no space"):
        file.presign_thumbnail_form(size=301, sha256=sha256(b"v" * 301))
    file.verify_thumbnail(by=alice)
    file.schedule_key_rotation()
    run_tasks()
    assert send_form(form, b"u" * 300).status == 201, "to where it was"
    assert in_the_bucket(bucket) <= used(alice)
    let_forms_expire()
    assert used(alice) == in_the_bucket(bucket) == file.size + 300
    file.refresh_from_db()
    assert bucket.holds(thumbnail_key(file.object_key))
    file.delete_by(alice)
    File.objects.discard()
    let_forms_expire()
    assert (used(alice), accounts_agree(alice)) == (0, True)


def test_a_guest_who_takes_files_back_brings_no_more_than_the_request_takes(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file_request = request_of(alice, total_limit=1500)
    guest = known_guest(file_request)
    signed: list[Any] = []
    for _ in range(4):
        upload = _started(guest, BODY)
        if not isinstance(upload, Upload):
            continue
        signed.append(upload.presign_form())
        guest.delete_upload(upload)
        run_tasks()
    for form in signed:
        assert send_form(form, BODY).status == 201
    assert in_the_bucket(bucket) <= 1500
    file_request.refresh_from_db()
    assert (file_request.taken_count, file_request.taken_bytes) == (0, 1000)
    let_forms_expire()
    file_request.refresh_from_db()
    assert (file_request.taken_bytes, Delivery.objects.count()) == (0, 1)
    assert isinstance(_started(guest, BODY), Upload)


def _started(guest: Any, body: bytes) -> Upload | FilesError:
    from sharing.files.models import UploadSpec

    said = UploadSpec(name="a", size=len(body), with_sha256=True, sha256=sha256(body))
    (outcome,) = Upload.objects.start_all([said], sender=guest)
    assert isinstance(outcome, Upload | FilesError)
    return outcome


def test_it_is_released_once_however_often_the_job_runs(alice: User) -> None:
    keep = announced(alice, BODY)
    announced(alice, BODY).cancel(by=alice)
    stale = File.objects.exclude(pk=keep.file_id).get()
    for _ in range(2):
        let_forms_expire()
    stale.purge()
    assert (used(alice), accounts_agree(alice)) == (1000, True)


def test_a_bucket_that_is_away_gives_nothing_back(alice: User) -> None:
    cache.clear()
    announced(alice, BODY).cancel(by=alice)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Bucket, "holds", lambda *_: True)
        let_forms_expire()
    assert used(alice) == 1000
