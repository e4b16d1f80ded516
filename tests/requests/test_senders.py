"""An upload knows who sends it: its owner, or a guest of a request."""

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.files.errors import UploadUnknown
from sharing.files.models import OwnerSender, Sender, Upload, UploadSpec
from sharing.files.models.senders import senders_of
from tests.requests.factories import known_guest, request_of

pytestmark = pytest.mark.django_db


def sent_by(sender: Sender, spec: UploadSpec | None = None) -> Upload:
    [upload] = Upload.objects.start_all([spec or UploadSpec(name="scan.pdf", size=5)], sender=sender)
    assert isinstance(upload, Upload)
    return Upload.objects.get(pk=upload.pk)


def test_an_upload_knows_its_owner(alice: User) -> None:
    assert sent_by(OwnerSender(alice)).sender == OwnerSender(alice)


def test_an_upload_knows_its_guest(alice: User) -> None:
    ann, ben = (known_guest(request_of(alice), name) for name in ("Ann", "Ben"))
    assert (sent_by(ann).sender, sent_by(ben).sender) == (ann, ben)


def test_one_query_finds_the_senders_of_many(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    guest = known_guest(request_of(alice))
    sent_by(OwnerSender(alice))
    for _ in range(3):
        sent_by(guest)
    uploads = list(Upload.objects.owned_by(alice))
    with django_assert_num_queries(1):
        keys = [sender.key for sender in senders_of(uploads).values()]
    assert sorted(keys) == [f"guest-{guest.pk}"] * 3 + [f"user-{alice.pk}"]


def test_an_owner_resumes_no_upload_of_a_guest(alice: User) -> None:
    own = sent_by(OwnerSender(alice))
    sent_by(known_guest(request_of(alice)))
    assert list(Upload.objects.unfinished(OwnerSender(alice))) == [own]


@pytest.mark.parametrize("size", [5, 6])
def test_an_id_of_another_guest_is_unknown_whatever_is_announced(alice: User, size: int) -> None:
    file_request = request_of(alice)
    pk = uuid4()
    sent_by(known_guest(file_request, "Ann"), UploadSpec(id=pk, name="a", size=5))
    again = UploadSpec(id=pk, name="a", size=size)
    [outcome] = Upload.objects.start_all([again], sender=known_guest(file_request, "Ben"))
    assert isinstance(outcome, UploadUnknown)
