"""Files in a bucket that does no SHA-256 are checked by their length, and say so."""

import pytest

from sharing.accounts.models import User
from sharing.files.models import File, Upload
from sharing.files.tasks import detect_sha256_support
from sharing.storage.checksums import keeps_sha256, remember_sha256
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.bucket_client import fetch, put_part, send_form, sha256
from tests.bucket_proxy import bucket_without_sha256
from tests.factories import send_parts, started_upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]
LARGE = b"0123456789abcdef" * (DEFAULT_PART_SIZE // 16) + b"end"


def announced_form(owner: User, body: bytes) -> Upload:
    return Upload.objects.start(owner=owner, name="a", size=len(body), with_sha256=True, sha256=sha256(body))


def test_once_it_is_known_uploads_start_without(alice: User) -> None:
    remember_sha256(kept=False)
    small, large = announced_form(alice, b"hello"), started_upload(alice, len(LARGE))
    assert not small.with_sha256
    assert not large.with_sha256
    assert small.is_multipart, "a form that nothing pins could overwrite the file"


def test_a_file_then_has_its_size_checked(alice: User) -> None:
    remember_sha256(kept=False)
    with bucket_without_sha256(refusing=True):
        small, large = announced_form(alice, b"hello"), started_upload(alice, len(LARGE))
        send_parts(small, b"hello")
        send_parts(large, LARGE)
        for upload, body in ((small, b"hello"), (large, LARGE)):
            upload.complete()
            assert upload.file.check_made == File.Check.SIZE
            assert fetch(upload.file.presigned_url()).data == body


def test_the_first_parts_find_out_that_the_bucket_refuses_digests(alice: User) -> None:
    with bucket_without_sha256(refusing=True):
        upload = started_upload(alice, len(LARGE))
        assert upload.with_sha256
        numbers, part_size = range(1, upload.plan.part_count + 1), upload.part_size
        pieces = {number: LARGE[(number - 1) * part_size : number * part_size] for number in numbers}
        for number, piece in pieces.items():
            # A client that was told to pin its parts sends digests still.
            (part,) = Upload.objects.get(pk=upload.pk).presign_parts({number: sha256(piece)})
            assert part.headers == {}
            assert put_part(part, piece).status == 200
        upload = Upload.objects.get(pk=upload.pk)
        upload.complete()
    assert (upload.with_sha256, upload.file.check_made) == (False, File.Check.SIZE)
    assert not keeps_sha256()


def test_the_first_file_finds_out_that_the_bucket_keeps_none(alice: User) -> None:
    with bucket_without_sha256(refusing=False):
        upload = announced_form(alice, b"hello")
        form, signed_key = upload.presign_form(), upload.file.object_key
        assert send_form(form, b"hello").status == 201
        upload.complete()
    assert upload.file.check_made == File.Check.SIZE
    assert upload.file.object_key != signed_key, "what nobody pins could be overwritten"
    assert not keeps_sha256()


def test_an_upload_stays_the_same_when_it_is_announced_again(alice: User) -> None:
    upload = announced_form(alice, b"hello")
    remember_sha256(kept=False)
    again = Upload.objects.start(
        owner=alice, id=upload.pk, name="a", size=5, with_sha256=True, sha256=sha256(b"hello")
    )
    assert (again.pk, again.with_sha256, again.is_repeated) == (upload.pk, True, True)


def test_a_bucket_that_learns_is_found_out_too(alice: User) -> None:
    remember_sha256(kept=False)
    detect_sha256_support.call()
    assert announced_form(alice, b"hello").with_sha256
