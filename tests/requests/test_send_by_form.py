"""A guest without JavaScript: a plain form straight to the bucket, and taking back what was sent."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File, Upload
from sharing.requests.models import FileRequest
from sharing.requests.models.guest import PLAIN_SIZE
from tests.bucket_client import fetch
from tests.factories import let_forms_expire, link_to
from tests.files.test_upload_by_form import send_page
from tests.requests.factories import arrived, guest_at, request_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def file_request(alice: User) -> FileRequest:
    return request_of(alice, name="Scans", file_limit=2, total_limit=1000)


def begin(guest: Client, file_request: FileRequest, name: str = "notes.txt") -> Upload:
    answer = guest.post(f"{file_request.path}uploads/", {"name": name})
    upload = Upload.objects.latest("created_at")
    assert answer["Location"] == f"{file_request.path}uploads/{upload.pk}/"
    return upload


def take_back(guest: Client, file_request: FileRequest, upload: Upload) -> str:
    address = reverse("request_upload_withdrawal", args=[file_request.address, upload.pk])
    return guest.post(address, follow=True).content.decode()


@pytest.mark.usefixtures("bucket")
def test_the_file_travels_by_the_form_and_only_its_own_bytes_are_counted(
    file_request: FileRequest, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = guest_at(file_request)
    upload = begin(ann, file_request)
    file_request.refresh_from_db()
    assert (upload.form_limit, file_request.taken_bytes) == (500, 1000)
    own = f"{file_request.path}uploads/{upload.pk}/"
    monkeypatch.setattr(Upload, "get_absolute_url", lambda _: own)  # where `send_page` finds the form
    back = send_page(ann, upload, b"by hand")
    assert re.search(rf"{re.escape(own)}\?.*key=", unescape(back)), back
    assert b"Finish" in ann.get(back).content
    upload.refresh_from_db()
    assert upload.state == Upload.State.OPEN, "looking changes nothing"
    assert "has been sent" in ann.post(f"{own}completion/", follow=True).content.decode()
    file = File.objects.get()
    assert fetch(file.presigned_url()).data == b"by hand"
    file_request.refresh_from_db()
    assert (file_request.taken_count, file_request.taken_bytes) == (1, 507), (
        "its form could bring as much again"
    )
    let_forms_expire()
    file_request.refresh_from_db()
    alice.refresh_from_db()
    assert (file_request.taken_count, file_request.taken_bytes, alice.used_bytes) == (1, 7, 7)
    assert Event.objects.get(action="file.ready").actor_label == "Ann"


@pytest.mark.usefixtures("bucket")
def test_one_that_arrived_empty_is_said_to_be(
    file_request: FileRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = guest_at(file_request)
    upload = begin(ann, file_request)
    own = f"{file_request.path}uploads/{upload.pk}/"
    monkeypatch.setattr(Upload, "get_absolute_url", lambda _: own)  # where `send_page` finds the form
    send_page(ann, upload, b"")
    page = ann.post(f"{own}completion/", follow=True).content.decode()
    assert "“notes.txt” is empty (0 bytes)." in page


def test_a_form_holds_no_more_than_a_guest_may_send(alice: User) -> None:
    for fields, held in (({}, PLAIN_SIZE), ({"size_limit": 70}, 70)):
        file_request = request_of(alice, **fields)
        assert begin(guest_at(file_request), file_request).form_limit == held


def test_what_was_not_asked_for_is_explained(alice: User) -> None:
    file_request = request_of(alice, kinds="pdf")
    ann = guest_at(file_request)
    for name, words in (("a.exe", "Only these file types"), ("../a.pdf", "cannot contain")):
        page = ann.post(f"{file_request.path}uploads/", {"name": name}, follow=True).content.decode()
        assert words in page
    assert not Upload.objects.exists()


@pytest.mark.usefixtures("bucket")
def test_what_is_on_its_way_is_taken_back_whole(file_request: FileRequest, alice: User) -> None:
    ann = guest_at(file_request)
    upload = begin(ann, file_request)
    for _ in range(2):
        assert "has been deleted" in take_back(ann, file_request, upload)
    file_request.refresh_from_db()
    assert (file_request.taken_count, file_request.taken_bytes) == (0, 1000), "its form is good still"
    let_forms_expire()
    file_request.refresh_from_db()
    alice.refresh_from_db()
    assert (file_request.taken_count, file_request.taken_bytes, alice.used_bytes) == (0, 0, 0)


def test_what_has_arrived_goes_into_its_owner_s_trash_and_makes_room(
    file_request: FileRequest, alice: User
) -> None:
    ann = guest_at(file_request)
    file = arrived(file_request.guests.get())
    for _ in range(2):
        assert file.name in take_back(ann, file_request, file.upload)
    assert alice.files.trashed().get() == file
    file_request.refresh_from_db()
    assert file_request.taken_count == 0
    assert Event.objects.get(action="file.deleted").actor_label == "Ann"


def test_what_its_owner_has_made_a_link_of_stays(file_request: FileRequest) -> None:
    ann = guest_at(file_request)
    file = arrived(file_request.guests.get())
    link_to(file)
    assert "already in use" in take_back(ann, file_request, file.upload)
    assert File.objects.present().exists()


def test_what_its_owner_took_out_of_the_trash_stays_and_is_counted_once(
    file_request: FileRequest, alice: User
) -> None:
    ann = guest_at(file_request)
    file = arrived(file_request.guests.get())
    take_back(ann, file_request, file.upload)
    alice.files.trashed().get().restore(by=alice)
    assert "already in use" in take_back(ann, file_request, file.upload)
    assert File.objects.present().get() == file
    file_request.refresh_from_db()
    assert file_request.taken_count == 0


def test_nobody_else_gets_at_it(file_request: FileRequest, alice: User, visitor: Client) -> None:
    ann, ben = guest_at(file_request), guest_at(file_request, "Ben")
    upload = begin(ann, file_request)
    own = f"{file_request.path}uploads/{upload.pk}/"
    assert ben.get(own).status_code == 404
    for step in ("completion", "withdrawal"):
        assert ben.post(f"{own}{step}/").status_code == 404
        assert visitor.post(f"{own}{step}/")["Location"] == file_request.path
    assert visitor.get("/r/nothing/uploads/").status_code == 405
    file_request.set_password("open sesame", by=alice)
    bare = f"/r/{file_request.token}/"
    assert ann.post(f"{bare}uploads/", {"name": "a"})["Location"] == bare
    upload.refresh_from_db()
    assert upload.state == Upload.State.OPEN
    assert Upload.objects.count() == 1


@pytest.mark.usefixtures("bucket")
def test_one_of_which_nothing_has_arrived_stays_on_its_page(file_request: FileRequest) -> None:
    ann = guest_at(file_request)
    upload = begin(ann, file_request)
    own = f"{file_request.path}uploads/{upload.pk}/"
    assert ann.post(f"{own}completion/")["Location"] == own
    upload.refresh_from_db()
    assert upload.state == Upload.State.OPEN


def test_one_that_was_cancelled_meanwhile_leads_back_to_the_request(
    file_request: FileRequest, alice: User
) -> None:
    ann = guest_at(file_request)
    upload = begin(ann, file_request)
    upload.cancel(by=alice)
    own = f"{file_request.path}uploads/{upload.pk}/"
    assert ann.post(f"{own}completion/")["Location"] == file_request.path
    assert ann.get(own)["Location"] == file_request.path
    assert not File.objects.ready().exists()
