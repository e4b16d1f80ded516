"""Racing requests: what is limited stays limited, and what happens once happens once. On SQLite and on PostgreSQL."""

from typing import Any
from uuid import uuid4

import pytest

from sharing.accounts.errors import QuotaExceeded
from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File, OwnerSender, Upload
from sharing.files.models.upload_spec import UploadSpec
from sharing.storage.plan import DEFAULT_PART_SIZE
from tests.bucket_client import send_form
from tests.factories import announced, let_forms_expire, plain_upload, send_parts, started_upload
from tests.races import race, refused

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 20_000_000


def used(user: User) -> int:
    return User.objects.get(pk=user.pk).used_bytes


def test_of_fifty_racing_starts_ten_fit_into_the_quota(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(quota=10 * SIZE + SIZE - 1)

    def start(number: int) -> Upload:
        return Upload.objects.start(owner=User(pk=alice.pk), name=f"{number}.mov", size=SIZE)

    assert refused(race(start, range(50)), QuotaExceeded) == 40
    assert used(alice) == 10 * SIZE
    assert (Upload.objects.count(), File.objects.count()) == (10, 10)
    assert Event.objects.filter(action="upload.started").count() == 10


def test_racing_batches_exceed_the_quota_by_not_one_byte(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(quota=10)

    def start(number: int) -> list[Any]:
        specs = [UploadSpec(name="a", size=1) for _ in range(4)]
        return Upload.objects.start_all(specs, sender=OwnerSender(User(pk=alice.pk)))

    batches = [batch for batch in race(start, range(8)) if isinstance(batch, list)]
    assert refused([result for batch in batches for result in batch], QuotaExceeded) == 22
    assert used(alice) == 10


def test_the_same_start_sent_many_times_at_once_is_one_upload(alice: User) -> None:
    pk = uuid4()

    def start(_: int) -> Upload:
        return Upload.objects.start(owner=User(pk=alice.pk), id=pk, name="a", size=5)

    results = race(start, range(16))
    assert [result.pk for result in results if isinstance(result, Upload)] == [pk] * 16
    assert (Upload.objects.count(), used(alice)) == (1, 5)


@pytest.mark.usefixtures("bucket")
def test_completing_many_times_at_once_makes_a_file_ready_once(alice: User) -> None:
    plain_upload(alice, b"hello")
    pinned = announced(alice)
    send_form(pinned.presign_form(), b"hello")
    in_parts = started_upload(alice, DEFAULT_PART_SIZE + 1)
    send_parts(in_parts, b"a" * (DEFAULT_PART_SIZE + 1))

    def complete(number: int) -> list[Any]:
        uploads = list(Upload.objects.select_related("file__owner"))
        return Upload.objects.complete_all(uploads if number % 2 else uploads[::-1])

    for answers in race(complete, range(8)):
        assert isinstance(answers, list), answers
        # Only one may copy what a plain form brought: the others are told to ask again.
        assert {type(answer).__name__ for answer in answers} <= {"Upload", "NotArrived"}
    assert File.objects.ready().count() == 3
    assert Event.objects.filter(action="file.ready").count() == 3
    let_forms_expire()
    assert used(alice) == DEFAULT_PART_SIZE + 11
