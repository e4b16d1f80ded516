"""Starting an upload: what is announced is checked and reserved before a byte travels."""

import pytest
from django.test import override_settings

from sharing.accounts.errors import QuotaExceeded
from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.errors import FileTooLarge, InvalidName, InvalidPart
from sharing.files.models import File, Upload
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.bucket_client import sha256
from tests.factories import started_upload

pytestmark = pytest.mark.django_db


def test_a_small_file_takes_a_form_pinned_to_its_digest(alice: User) -> None:
    upload = Upload.objects.start(owner=alice, name="a.txt", size=1, with_sha256=True, sha256=sha256(b"a"))
    assert not upload.is_multipart
    assert upload.presign_form().fields["x-amz-checksum-sha256"] == sha256(b"a")


def test_a_large_file_takes_parts(alice: User) -> None:
    upload = started_upload(alice, 3 * DEFAULT_PART_SIZE + 1)
    assert upload.plan.part_count == 10


def test_its_bytes_are_reserved_and_recorded(alice: User) -> None:
    started_upload(alice, 20_000_000)
    alice.refresh_from_db()
    assert alice.used_bytes == 20_000_000
    assert Event.objects.get(action="upload.started").actor == alice


def test_a_file_over_the_quota_is_refused_and_nothing_is_kept(alice: User) -> None:
    alice.quota = 10
    alice.save()
    with pytest.raises(QuotaExceeded):
        Upload.objects.start(owner=alice, name="a", size=11)
    assert not File.objects.exists()
    alice.refresh_from_db()
    assert alice.used_bytes == 0


@override_settings(MAX_FILE_SIZE=100)
def test_a_file_over_the_largest_size_is_refused(alice: User) -> None:
    with pytest.raises(FileTooLarge, match="at most 100 bytes"):
        Upload.objects.start(owner=alice, name="a", size=101)


def test_a_name_that_is_a_path_is_refused(alice: User) -> None:
    with pytest.raises(InvalidName):
        Upload.objects.start(owner=alice, name="../../etc/passwd", size=1)


def test_a_form_with_checksum_needs_the_digest(alice: User) -> None:
    with pytest.raises(InvalidPart):
        Upload.objects.start(owner=alice, name="a", size=1, with_sha256=True)


def test_the_object_key_tells_nothing_and_is_never_the_same(alice: User) -> None:
    keys = {
        Upload.objects.start(owner=alice, name="secret-plan.pdf", size=1).file.object_key for _ in range(20)
    }
    assert len(keys) == 20
    assert not any("secret" in key or str(alice.pk) == key for key in keys)
