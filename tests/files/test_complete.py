"""A file is ready only after the bucket was asked for its size and checksum."""

import pytest

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.errors import ArrivedDamaged, NotArrived, UploadClosed
from sharing.files.models import File, Upload
from sharing.storage.bucket import Bucket, get_bucket
from sharing.storage.errors import ObjectMissing
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.bucket_client import fetch, send_form, sha256
from tests.factories import let_forms_expire, send_parts, sent_file, started_upload
from tests.people import RunTasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]
LARGE = bytes(range(256)) * (DEFAULT_PART_SIZE // 256) + b"the end"


def unpinned_upload(owner: User, body: bytes) -> Upload:
    """One by a form that is not pinned to its bytes, as a bucket without digests had it."""
    upload = Upload.objects.start(
        owner=owner, name="a.txt", size=len(body), with_sha256=True, sha256=sha256(body)
    )
    upload.with_sha256, upload.sha256 = False, ""
    upload.save()
    assert send_form(upload.presign_form(), body).status == 201
    return upload


@pytest.mark.parametrize("body", [b"", b"x", b"hello"])
def test_a_small_file_is_ready_with_its_digest_checked(alice: User, body: bytes) -> None:
    file = sent_file(alice, body)
    assert file.is_ready
    assert (file.size, file.check_made, file.sha256) == (len(body), File.Check.SHA256, sha256(body))
    assert fetch(file.presigned_url()).data == body


def test_a_large_file_is_ready_with_its_composite_digest_checked(alice: User) -> None:
    upload = started_upload(alice, len(LARGE))
    send_parts(upload, LARGE)
    upload.complete()
    assert upload.file.check_made == File.Check.SHA256
    assert upload.file.sha256.endswith("-4")
    assert fetch(upload.file.presigned_url()).data == LARGE


def test_completing_twice_gives_the_same_answer(alice: User) -> None:
    file = sent_file(alice)
    before = File.objects.values().get(pk=file.pk)
    Upload.objects.get(file=file).complete()
    assert File.objects.values().get(pk=file.pk) == before
    assert Event.objects.filter(action="file.ready").count() == 1


def test_parts_that_are_missing_are_named(alice: User) -> None:
    upload = started_upload(alice, len(LARGE))
    send_parts(upload, LARGE, only={2})
    with pytest.raises(NotArrived) as caught:
        upload.complete()
    assert caught.value.missing == [1, 3, 4]
    assert upload.is_open


def test_nothing_sent_is_not_arrived(alice: User) -> None:
    with pytest.raises(NotArrived):
        Upload.objects.start(owner=alice, name="a", size=1).complete()
    with pytest.raises(NotArrived):
        started_upload(alice, len(LARGE)).complete()


def test_a_crash_after_the_bucket_joined_the_parts_heals(alice: User) -> None:
    upload = started_upload(alice, len(LARGE))
    send_parts(upload, LARGE)
    upload.verify(dict(upload.parts.values_list("number", "sha256")))
    Upload.objects.get(pk=upload.pk).complete()
    assert File.objects.get(pk=upload.file_id).is_ready


def test_other_bytes_than_announced_end_the_upload_and_return_the_quota(alice: User) -> None:
    upload = unpinned_upload(alice, b"hello")
    upload.with_sha256, upload.sha256 = True, sha256(b"HELLO")
    get_bucket().client.put_object(
        Bucket=get_bucket().name, Key=upload.file.object_key, Body=b"hello", ChecksumAlgorithm="SHA256"
    )
    with pytest.raises(ArrivedDamaged):
        upload.complete()
    assert upload.state == Upload.State.DAMAGED
    let_forms_expire()
    alice.refresh_from_db()
    assert alice.used_bytes == 0


def test_another_size_than_announced_ends_the_upload(alice: User) -> None:
    upload = unpinned_upload(alice, b"hello")
    get_bucket().client.put_object(Bucket=get_bucket().name, Key=upload.file.object_key, Body=b"hello!")
    with pytest.raises(ArrivedDamaged, match="should have 5 bytes, but 6 bytes arrived"):
        upload.complete()


def test_a_form_that_could_still_overwrite_the_object_loses_it(alice: User, run_tasks: RunTasks) -> None:
    upload = unpinned_upload(alice, b"hello")
    form, signed_key = upload.presign_form(), upload.file.object_key
    upload.complete()
    assert upload.file.object_key != signed_key
    assert send_form(form, b"HELLO").status == 201
    run_tasks()
    assert fetch(upload.file.presigned_url()).data == b"hello"
    with pytest.raises(ObjectMissing):
        get_bucket().head(signed_key)


def test_a_cancelled_upload_completes_to_nothing(alice: User) -> None:
    upload = unpinned_upload(alice, b"hello")
    upload.cancel(by=alice)
    with pytest.raises(UploadClosed):
        upload.complete()
    assert not File.objects.ready().exists()


def test_an_upload_that_the_bucket_forgot_is_over(alice: User, bucket: Bucket) -> None:
    upload = started_upload(alice, len(LARGE))
    send_parts(upload, LARGE, only={2})
    bucket.abort_multipart(upload.file.object_key, upload.multipart_id)
    with pytest.raises(UploadClosed, match="no longer has this upload"):
        upload.complete()
    let_forms_expire()
    alice.refresh_from_db()
    assert alice.used_bytes == 0
