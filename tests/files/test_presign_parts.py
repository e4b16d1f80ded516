"""Signing parts just in time, each pinned to its length and digest."""

import pytest

from sharing.accounts.models import User
from sharing.files.errors import FileChanged, InvalidPart, UploadClosed
from sharing.files.models import Upload
from sharing.storage.bucket import Bucket
from sharing.storage.plan import SMALLEST_PART_SIZE
from tests.bucket_client import put_part, sha256
from tests.factories import started_upload

pytestmark = pytest.mark.django_db
LAST = 5
SIZE = (LAST - 1) * SMALLEST_PART_SIZE + 3


@pytest.fixture
def upload(alice: User, bucket: Bucket) -> Upload:
    return started_upload(alice, SIZE)


def test_the_last_part_is_signed_for_the_rest(upload: Upload) -> None:
    (part,) = upload.presign_parts({LAST: sha256(b"end")})
    assert part.size == 3
    assert put_part(part, b"end").status == 200
    assert [stored.number for stored in upload.stored_parts()] == [LAST]


def test_a_part_can_be_signed_again_with_the_same_digest(upload: Upload) -> None:
    upload.presign_parts({LAST: sha256(b"end")})
    (part,) = upload.presign_parts({LAST: sha256(b"end")})
    assert put_part(part, b"end").status == 200


def test_a_part_with_another_digest_means_another_file(upload: Upload) -> None:
    upload.presign_parts({LAST: sha256(b"end")})
    with pytest.raises(FileChanged, match="Part 5 differs"):
        upload.presign_parts({1: sha256(b"x"), LAST: sha256(b"END")})


@pytest.mark.parametrize("number", [0, 6, 10_000])
def test_a_part_that_the_file_does_not_have_is_refused(upload: Upload, number: int) -> None:
    with pytest.raises(InvalidPart):
        upload.presign_parts({number: sha256(b"x")})


def test_a_digest_is_required_where_the_upload_began_with_digests(upload: Upload) -> None:
    with pytest.raises(InvalidPart, match="send each part's digest"):
        upload.presign_parts({1: ""})


def test_a_cancelled_upload_signs_nothing(upload: Upload, alice: User) -> None:
    upload.cancel(by=alice)
    with pytest.raises(UploadClosed):
        upload.presign_parts({1: sha256(b"x")})


def test_the_multipart_upload_begins_once(upload: Upload) -> None:
    upload.presign_parts({1: sha256(b"x")})
    begun = upload.multipart_id
    again = Upload.objects.get(pk=upload.pk)
    again.presign_parts({2: sha256(b"y")})
    assert again.multipart_id == begun != ""
