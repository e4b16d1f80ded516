"""`manage.py reconcile`: what the database and the bucket do not agree about is listed, and repaired when told so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files import tasks
from sharing.files.models import File, Upload
from sharing.files.object_keys import new_object_key, thumbnail_key
from sharing.files.reconciling import Difference, Reconciliation, WrongBucket
from sharing.storage.bucket import Bucket
from sharing.storage.errors import MultipartMissing, ObjectMissing
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.browserless import send_form, sha256
from tests.making import (
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
# What is made in a test is old at once.
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


def reconcile(
    bucket: Bucket, *, repair: bool = True, grace: timedelta = NO_GRACE, page_size: int = 3
) -> list[Difference]:
    return list(Reconciliation(bucket, repair=repair, grace=grace, page_size=page_size).run())


def kinds(differences: list[Difference]) -> list[str]:
    return sorted(difference.kind for difference in differences)


def test_where_they_agree_nothing_is_found(bucket: Bucket, kept: File) -> None:
    assert reconcile(bucket) == []
    assert bucket.head(kept.object_key).size == 5


def test_an_object_without_a_row_is_deleted(bucket: Bucket, kept: File) -> None:
    key = put(bucket)
    (difference,) = reconcile(bucket)
    assert (difference.kind, key in difference.subject) == ("object without row", True)
    with pytest.raises(ObjectMissing):
        bucket.head(key)
    assert bucket.head(kept.object_key).size == 5


@pytest.mark.usefixtures("kept")
def test_a_row_without_object_is_given_up_and_its_quota_returned(alice: User, bucket: Bucket) -> None:
    lost = sent_file(alice, b"lost bytes", name="lost.txt")
    link = link_to(lost)
    bucket.delete(lost.object_key)
    (difference,) = reconcile(bucket)
    assert (difference.kind, "lost.txt" in difference.subject) == ("row without object", True)
    alice.refresh_from_db()
    link.weigh(link.items.present())
    assert (alice.used_bytes, link.state) == (5, "withdrawn")
    assert Event.objects.get(action="file.lost").subject_id == str(lost.pk)


def test_a_thumbnail_is_left_alone_as_long_as_its_file_shows_it(alice: User, bucket: Bucket) -> None:
    file, forgotten = picture(alice, thumbnail=b"small"), picture(alice)
    send_thumbnail(forgotten, b"never completed")
    (difference,) = reconcile(bucket)
    assert thumbnail_key(forgotten.object_key) in difference.subject
    assert not bucket.holds(thumbnail_key(forgotten.object_key))
    assert bucket.holds(thumbnail_key(file.object_key))


@pytest.mark.usefixtures("kept")
def test_a_thumbnail_goes_when_its_file_is_given_up(alice: User, bucket: Bucket) -> None:
    file = picture(alice, thumbnail=b"small")
    bucket.delete(file.object_key)
    assert kinds(reconcile(bucket)) == ["row without object"]
    tasks.clear_leftovers.call()
    assert not bucket.holds(thumbnail_key(file.object_key))


def test_the_copy_of_a_thumbnail_in_progress_is_left_alone(alice: User, bucket: Bucket) -> None:
    file = picture(alice, thumbnail=b"small")
    file.ask_to_move()
    file.refresh_from_db()
    put(bucket, thumbnail_key(file.next_key or ""))
    assert reconcile(bucket) == []


@pytest.mark.usefixtures("kept")
def test_a_multipart_upload_that_nobody_knows_is_aborted(bucket: Bucket) -> None:
    key, multipart_id = begin(bucket)
    assert kinds(reconcile(bucket)) == ["stale multipart upload"]
    with pytest.raises(MultipartMissing):
        bucket.list_parts(key, multipart_id)


@pytest.mark.usefixtures("kept")
def test_what_an_upload_in_progress_needs_is_left_alone(alice: User, bucket: Bucket) -> None:
    in_parts = started_upload(alice, len(BODY))
    send_parts(in_parts, BODY)
    by_form = announced(alice, b"x")
    assert send_form(by_form.form(), b"x").status == 201
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
    expected = ["object without row", "row without object", "stale multipart upload"]
    assert kinds(reconcile(bucket, repair=False)) == expected
    assert kinds(reconcile(bucket)) == expected
    assert reconcile(bucket) == []


def test_other_things_in_the_bucket_are_none_of_its_business(bucket: Bucket, kept: File) -> None:
    key = put(bucket, "other/app")
    assert reconcile(bucket) == []
    assert bucket.head(key).size == 1
    bucket.delete(key)


@pytest.mark.usefixtures("kept")
def test_pages_are_turned(alice: User, bucket: Bucket) -> None:
    for _ in range(10):
        put(bucket)
        begin(bucket)
        recorded_file(alice)
    assert len(reconcile(bucket, repair=False)) == 30
    assert len(reconcile(bucket)) == 30
    assert reconcile(bucket) == []


@pytest.mark.usefixtures("kept")
def test_more_than_a_thousand_keys_are_gone_through(bucket: Bucket) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: put(bucket), range(1001)))
    found = reconcile(bucket, repair=False, page_size=1000)
    assert sorted(difference.subject.split()[0] for difference in found) == sorted(keys)


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
def test_the_command_lists_and_says_what_to_do(alice: User) -> None:
    out = StringIO()
    call_command("reconcile", stdout=out)
    assert out.getvalue() == "The database and the bucket agree.\n"
    File.objects.filter(pk=recorded_file(alice).pk).update(ready_at=timezone.now() - timedelta(days=2))
    out = StringIO()
    call_command("reconcile", stdout=out)
    call_command("reconcile", "--repair", stdout=out)
    assert "Found: 1." in out.getvalue()
    assert "Repaired: 1." in out.getvalue()
    with pytest.raises(CommandError, match="at least 1"):
        call_command("reconcile", "--grace-hours=0")
