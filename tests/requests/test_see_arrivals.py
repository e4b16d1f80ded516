"""The dashboard and the list of requests tell what has arrived since its owner looked last."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.files.models import Upload, UploadSpec
from sharing.requests.models import FileRequest
from tests.bucket_client import send_form, sha256
from tests.requests.factories import known_guest, request_of

pytestmark = pytest.mark.django_db


def unseen(file_request: FileRequest) -> int:
    return FileRequest.objects.get(pk=file_request.pk).unseen_count


def note_arrivals(file_request: FileRequest, files: int) -> None:
    known_guest(file_request, name=str(uuid4())).count_arrivals(files)


@pytest.mark.usefixtures("bucket")
def test_a_file_is_new_once_it_has_arrived_until_its_owner_looks(alice: User, alice_client: Client) -> None:
    file_request = request_of(alice)
    spec = UploadSpec(name="scan.pdf", size=5, with_sha256=True, sha256=sha256(b"hello"))
    [upload] = Upload.objects.start_all([spec], sender=known_guest(file_request))
    assert isinstance(upload, Upload)
    assert unseen(file_request) == 0
    assert send_form(upload.presign_form(), b"hello").status == 201
    for _ in range(2):
        upload.complete()
        assert unseen(file_request) == 1
    for page in ("dashboard", "file_requests"):
        assert "1 new file" in alice_client.get(reverse(page)).content.decode()
    alice_client.get(file_request.get_absolute_url())
    for page in ("dashboard", "file_requests"):
        assert "1 new file" not in alice_client.get(reverse(page)).content.decode()


def test_what_arrives_while_its_owner_looks_stays_new(alice: User) -> None:
    file_request = request_of(alice)
    note_arrivals(file_request, 2)
    file_request.refresh_from_db()
    note_arrivals(file_request, 3)
    file_request.mark_seen()
    assert unseen(file_request) == 3


def test_nobody_else_s_look_counts(alice: User, bob_client: Client) -> None:
    file_request = request_of(alice)
    note_arrivals(file_request, 1)
    assert bob_client.get(file_request.get_absolute_url()).status_code == 404
    Client().get(file_request.path)
    assert unseen(file_request) == 1
    assert list(FileRequest.objects.of_interest(alice)) == [file_request]


def test_the_dashboard_shows_those_with_something_new_first_and_leaves_out_the_ended(
    alice: User, bob: User, alice_client: Client
) -> None:
    closed, news, quiet = (request_of(alice, title=title) for title in ("Closed", "News", "Quiet"))
    request_of(bob, title="Of bob")
    closed.close(by=alice)
    note_arrivals(news, 2)
    shown = [request.title for request in alice_client.get("/").context["requests"]]
    assert shown == ["News", "Quiet"]
    note_arrivals(closed, 9)
    assert alice_client.get("/").context["requests"][0].title == "Closed"
    assert quiet.unseen_count == 0
