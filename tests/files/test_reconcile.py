"""`manage.py reconcile`: what the database and the bucket do not agree about is listed, and repaired when told so."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files import tasks
from sharing.files.models import File, Upload
from sharing.files.object_keys import new_object_key, thumbnail_key
from sharing.files.reconciling import Difference, Reconciliation, WrongBucket
from sharing.links.models import Link
from sharing.storage.bucket import Bucket
from sharing.storage.errors import MultipartMissing, ObjectMissing
from sharing.storage.objects import StoredObject
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.bucket_client import send_form, sha256
from tests.factories import (
    announced,
    link_to,
    picture,
    recorded_file,
    send_parts,
    send_thumbnail,
    sent_file,
    started_upload,
)

pytestmark = pytest.mark.django_db
BODY = b"a" * DEFAULT_PART_SIZE + b"the end"
# Rows made in a test are old at once.
NO_GRACE = timedelta(minutes=-1)


@pytest.fixture(autouse=True)
def empty_bucket(bucket: Bucket) -> None:
    """Other tests leave objects behind whose rows are rolled back."""
    with ThreadPoolExecutor(8) as pool:
        for objects in bucket.list_objects("files/", page_size=1000):
            list(pool.map(bucket.delete, [found.key for found in objects]))
    for multiparts in bucket.list_multiparts("files/", page_size=1000):
        for unfinished in multiparts:
            bucket.abort_multipart(unfinished.key, unfinished.multipart_id)


@pytest.fixture
def kept(alice: User) -> File:
    """A file that both of them have."""
    return sent_file(alice, name="kept.txt")


def put(bucket: Bucket, key: str = "") -> str:
    key = key or new_object_key()
    bucket.put(key, b"x", sha256=sha256(b"x"))
    return key


def begin(bucket: Bucket) -> tuple[str, str]:
    key = new_object_key()
    return key, bucket.create_multipart(key, content_type="text/plain", with_sha256=False)


def stale(owner: User, bucket: Bucket) -> str:
    """A multipart upload of ours that nothing needs."""
    key: str = sent_file(owner).object_key
    return bucket.create_multipart(key, content_type="text/plain", with_sha256=False)


def reconcile(
    bucket: Bucket, *, repair: bool = True, grace: timedelta = NO_GRACE, page_size: int = 3
) -> list[Difference]:
    """Return what was found; all of it is mended where `repair` says so."""
    reconciliation = Reconciliation(bucket, grace=grace, page_size=page_size)
    found = list(reconciliation.survey())
    if repair:
        reconciliation.require_common_ground()
        mendable = [difference for difference in found if difference.can_be_repaired]
        assert sorted(map(str, reconciliation.repair(mendable))) == sorted(map(str, mendable))
    return found


def kinds(differences: list[Difference]) -> list[str]:
    return sorted(difference.kind for difference in differences)


def test_where_they_agree_nothing_is_found(bucket: Bucket, kept: File) -> None:
    assert reconcile(bucket) == []
    assert bucket.head(kept.object_key).size == 5


def test_an_object_without_a_row_is_deleted(bucket: Bucket, kept: File) -> None:
    key = put(bucket)
    (difference,) = reconcile(bucket)
    assert (difference.kind, key in str(difference)) == ("object without row", True)
    with pytest.raises(ObjectMissing):
        bucket.head(key)
    assert bucket.head(kept.object_key).size == 5


@pytest.mark.usefixtures("kept")
def test_a_row_without_object_is_given_up_and_its_quota_returned(alice: User, bucket: Bucket) -> None:
    lost = sent_file(alice, b"lost bytes", name="lost.txt")
    link = link_to(lost)
    bucket.delete(lost.object_key)
    (difference,) = reconcile(bucket)
    assert (difference.kind, "lost.txt" in str(difference)) == ("row without object", True)
    alice.refresh_from_db()
    assert (alice.used_bytes, Link.objects.with_contents().get(pk=link.pk).state) == (5, "withdrawn")
    assert Event.objects.get(action="file.lost").subject_id == str(lost.pk)


def test_the_bucket_is_asked_only_for_what_its_list_has_not_told(
    alice: User, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(7):
        sent_file(alice)
    other_size, lost = sent_file(alice), sent_file(alice)
    File.objects.filter(pk=other_size.pk).update(size=other_size.size + 1)
    bucket.delete(lost.object_key)
    asked: list[str] = []
    head = Bucket.head

    def noting(self: Bucket, key: str) -> StoredObject:
        asked.append(key)
        return head(self, key)

    monkeypatch.setattr(Bucket, "head", noting)
    (difference,) = reconcile(bucket, repair=False)
    assert difference.name == str(lost.pk)
    assert sorted(asked) == sorted([other_size.object_key, lost.object_key])


def test_a_thumbnail_is_left_alone_as_long_as_its_file_shows_it(alice: User, bucket: Bucket) -> None:
    file, forgotten = picture(alice, thumbnail=b"small"), picture(alice)
    send_thumbnail(forgotten, b"never completed")
    (difference,) = reconcile(bucket)
    assert thumbnail_key(forgotten.object_key) in str(difference)
    assert not bucket.holds(thumbnail_key(forgotten.object_key))
    assert bucket.holds(thumbnail_key(file.object_key))


@pytest.mark.usefixtures("kept")
def test_a_thumbnail_goes_when_its_file_is_given_up(alice: User, bucket: Bucket) -> None:
    file = picture(alice, thumbnail=b"small")
    bucket.delete(file.object_key)
    assert kinds(reconcile(bucket)) == ["row without object"]
    tasks.delete_orphaned_objects.call()
    assert not bucket.holds(thumbnail_key(file.object_key))


def test_the_copy_of_a_thumbnail_in_progress_is_left_alone(alice: User, bucket: Bucket) -> None:
    file = picture(alice, thumbnail=b"small")
    file.schedule_key_rotation()
    file.refresh_from_db()
    put(bucket, thumbnail_key(file.next_key or ""))
    assert reconcile(bucket) == []


@pytest.mark.usefixtures("kept")
def test_a_multipart_upload_that_nobody_knows_is_listed_and_left_alone(bucket: Bucket) -> None:
    key, multipart_id = begin(bucket)
    assert kinds(reconcile(bucket)) == ["multipart upload not ours"]
    assert bucket.list_parts(key, multipart_id) == []


@pytest.mark.usefixtures("kept")
def test_a_second_multipart_upload_for_a_file_of_ours_is_aborted(alice: User, bucket: Bucket) -> None:
    upload = started_upload(alice, len(BODY))
    send_parts(upload, BODY, only={2})
    key = upload.file.object_key
    second = bucket.create_multipart(key, content_type="text/plain", with_sha256=False)
    assert kinds(reconcile(bucket)) == ["stale multipart upload"]
    with pytest.raises(MultipartMissing):
        bucket.list_parts(key, second)
    assert len(bucket.list_parts(key, upload.multipart_id)) == 1


@pytest.mark.usefixtures("kept")
def test_what_an_upload_in_progress_needs_is_left_alone(alice: User, bucket: Bucket) -> None:
    in_parts = started_upload(alice, len(BODY))
    send_parts(in_parts, BODY)
    by_form = announced(alice, b"x")
    assert send_form(by_form.presign_form(), b"x").status == 201
    assert reconcile(bucket) == []
    for upload in (in_parts, by_form):
        Upload.objects.get(pk=upload.pk).complete()


@pytest.mark.usefixtures("kept")
def test_what_is_young_is_left_alone(alice: User, bucket: Bucket) -> None:
    recorded_file(alice)
    put(bucket)
    begin(bucket)
    assert reconcile(bucket, grace=timedelta(hours=1)) == []


@pytest.mark.usefixtures("kept")
def test_a_look_changes_nothing(alice: User, bucket: Bucket) -> None:
    recorded_file(alice)
    put(bucket)
    begin(bucket)
    stale(alice, bucket)
    others = ["multipart upload not ours"]
    expected = [*others, "object without row", "row without object", "stale multipart upload"]
    assert kinds(reconcile(bucket, repair=False)) == expected
    assert kinds(reconcile(bucket)) == expected
    assert kinds(reconcile(bucket)) == others


def test_other_things_in_the_bucket_are_none_of_its_business(bucket: Bucket, kept: File) -> None:
    key = put(bucket, "other/app")
    assert reconcile(bucket) == []
    assert bucket.head(key).size == 1
    bucket.delete(key)


@pytest.mark.usefixtures("kept")
def test_pages_are_turned(alice: User, bucket: Bucket) -> None:
    for _ in range(10):
        put(bucket)
        stale(alice, bucket)
        recorded_file(alice)
    assert len(reconcile(bucket, repair=False)) == 30
    assert len(reconcile(bucket)) == 30
    assert reconcile(bucket) == []


@pytest.mark.usefixtures("kept")
def test_more_than_a_thousand_keys_are_gone_through(bucket: Bucket) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: put(bucket), range(1001)))
    found = reconcile(bucket, repair=False, page_size=1000)
    assert sorted(str(difference).split()[0] for difference in found) == sorted(keys)


@pytest.mark.parametrize("has_rows", [True, False], ids=["another bucket", "another database"])
def test_a_bucket_and_a_database_that_share_nothing_are_not_repaired(
    alice: User, bucket: Bucket, has_rows: bool
) -> None:
    file = recorded_file(alice) if has_rows else None
    key = put(bucket)
    with pytest.raises(WrongBucket):
        reconcile(bucket)
    assert bucket.head(key).size == 1
    if file:
        file.refresh_from_db()
        assert file.is_ready


@pytest.mark.usefixtures("kept")
def test_where_most_objects_are_unknown_nothing_is_repaired_and_the_counts_are_told(bucket: Bucket) -> None:
    put(bucket)
    assert kinds(reconcile(bucket)) == ["object without row"]
    keys = [put(bucket), put(bucket)]
    with pytest.raises(WrongBucket, match="The database does not know 2 of 3 objects"):
        reconcile(bucket)
    assert all(map(bucket.holds, keys))


@pytest.mark.usefixtures("kept")
def test_where_most_files_are_gone_none_is_given_up(alice: User, bucket: Bucket) -> None:
    recorded_file(alice)
    recorded_file(alice)
    with pytest.raises(WrongBucket, match="2 of 3 files are not in the bucket"):
        reconcile(bucket)
    assert File.objects.ready().count() == 3


OTHERS = [
    "files/report.pdf",
    "files/",
    "files/2026/report.pdf",
    "files/report.thumbnail",
    f"files/{'a' * 42}",
    f"files/{'a' * 44}",
    f"files/{'a' * 42}/",
    f"files/{'ä' * 43}",
    f"files/{'a' * 43}.thumbnail.thumbnail",
    f"files/{'a' * 43}.thumbnails",
    f"files/{'a' * 43}",  # what an instance makes that had no seals yet, or has another secret key
    f"files/{'a' * 43}.thumbnail",
]


@pytest.mark.parametrize("key", OTHERS)
def test_what_somebody_else_put_under_our_prefix_is_never_deleted(
    alice: User, bucket: Bucket, key: str
) -> None:
    for _ in range(2):
        sent_file(alice)
    put(bucket, key)
    assert kinds(reconcile(bucket)) == ["not ours"]
    assert bucket.holds(key)
    bucket.delete(key)


def test_a_second_instance_on_the_same_bucket_loses_nothing(
    alice: User, bucket: Bucket, settings: LazySettings
) -> None:
    for _ in range(3):
        sent_file(alice)
    with override_settings(SECRET_KEY="of another instance"):
        theirs = [put(bucket), put(bucket)]
        begun = begin(bucket)
    assert kinds(reconcile(bucket)) == ["multipart upload not ours", "not ours", "not ours"]
    assert all(map(bucket.holds, theirs))
    assert bucket.list_parts(*begun) == []
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        key = put(bucket)
        with override_settings(SECRET_KEY_FALLBACKS=[]):
            found = reconcile(bucket)
            assert not bucket.holds(key)
    assert kinds(found).count("object without row") == 1


def test_what_got_its_row_between_the_list_and_the_answer_is_kept(alice: User, bucket: Bucket) -> None:
    for _ in range(2):
        sent_file(alice)
    key = put(bucket)
    lost = recorded_file(alice)
    reconciliation = Reconciliation(bucket, grace=NO_GRACE)
    found = list(reconciliation.survey())
    File.objects.filter(pk=sent_file(alice).pk).update(object_key=key)
    put(bucket, lost.object_key)
    assert list(reconciliation.repair(found)) == []
    assert bucket.holds(key)
    lost.refresh_from_db()
    assert lost.is_ready


def answering(monkeypatch: pytest.MonkeyPatch, answer: str, *, terminal: bool = True) -> None:
    typed = StringIO(answer)
    typed.isatty = lambda: terminal  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", typed)


@pytest.fixture
def gone(alice: User, kept: File) -> File:
    """A file whose object was lost long ago."""
    file = recorded_file(alice)
    File.objects.filter(pk=file.pk).update(ready_at=timezone.now() - timedelta(days=2))
    File.objects.filter(pk=kept.pk).update(ready_at=timezone.now() - timedelta(days=2))
    return file


@pytest.mark.usefixtures("kept")
def test_the_command_says_where_they_agree() -> None:
    out = StringIO()
    call_command("reconcile", stdout=out)
    assert out.getvalue() == "The database and the bucket agree.\n"
    with pytest.raises(CommandError, match="at least 1"):
        call_command("reconcile", "--grace-hours=0")


def test_the_command_lists_and_says_what_to_do(gone: File) -> None:
    out = StringIO()
    call_command("reconcile", stdout=out)
    assert f"row without object: {gone.pk} “hello.txt” of alice@example.com" in out.getvalue()
    assert "1 difference found. Run this again with --repair" in out.getvalue()


@pytest.mark.parametrize(
    ("answer", "is_repaired"), [("y\n", True), ("\n", False), ("n\n", False), ("", False)]
)
def test_repairing_shows_the_plan_and_asks_first(
    gone: File, monkeypatch: pytest.MonkeyPatch, answer: str, is_repaired: bool
) -> None:
    out = StringIO()
    answering(monkeypatch, answer)
    with nullcontext() if is_repaired else pytest.raises(CommandError, match="Nothing was changed"):
        call_command("reconcile", "--repair", stdout=out)
    assert "To repair: row without object: 1." in out.getvalue()
    assert ("Repaired: 1." in out.getvalue()) == is_repaired
    gone.refresh_from_db()
    assert gone.is_ready != is_repaired


def test_a_script_has_to_say_yes(gone: File, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "y\n", terminal=False)
    with pytest.raises(CommandError, match=r"Run this with --yes to repair without being asked"):
        call_command("reconcile", "--repair", stdout=StringIO())
    gone.refresh_from_db()
    assert gone.is_ready
    call_command("reconcile", "--repair", "--yes", stdout=StringIO())
    gone.refresh_from_db()
    assert not gone.is_ready


def test_yes_does_not_overrule_a_wrong_bucket(gone: File, kept: File, bucket: Bucket) -> None:
    bucket.delete(kept.object_key)
    with pytest.raises(CommandError, match="2 of 2 files are not in the bucket"):
        call_command("reconcile", "--repair", "--yes", stdout=StringIO())
    gone.refresh_from_db()
    assert gone.is_ready
