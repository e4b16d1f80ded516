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
def asked(alice: User) -> FileRequest:
    return request_of(alice, name="Scans", file_limit=2, total_limit=1000)


def begin(guest: Client, asked: FileRequest, name: str = "notes.txt") -> Upload:
    answer = guest.post(f"{asked.path}uploads/", {"name": name})
    upload = Upload.objects.latest("created_at")
    assert answer["Location"] == f"{asked.path}uploads/{upload.pk}/"
    return upload


def take_back(guest: Client, asked: FileRequest, upload: Upload) -> str:
    address = reverse("request_upload_withdrawal", args=[asked.address, upload.pk])
    return guest.post(address, follow=True).content.decode()


@pytest.mark.usefixtures("bucket")
def test_the_file_travels_by_the_form_and_only_its_own_bytes_are_counted(
    asked: FileRequest, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = guest_at(asked)
    upload = begin(ann, asked)
    asked.refresh_from_db()
    assert (upload.form_limit, asked.taken_bytes) == (500, 1000)
    own = f"{asked.path}uploads/{upload.pk}/"
    monkeypatch.setattr(Upload, "get_absolute_url", lambda _: own)  # where `send_page` finds the form
    back = send_page(ann, upload, b"by hand")
    assert re.search(rf"{re.escape(own)}\?.*key=", unescape(back)), back
    assert b"Finish" in ann.get(back).content
    upload.refresh_from_db()
    assert upload.state == Upload.State.OPEN, "looking changes nothing"
    assert "has arrived" in ann.post(f"{own}completion/", follow=True).content.decode()
    file = File.objects.get()
    assert fetch(file.presigned_url()).data == b"by hand"
    asked.refresh_from_db()
    assert (asked.taken_count, asked.taken_bytes) == (1, 507), "its form could bring as much again"
    let_forms_expire()
    asked.refresh_from_db()
    alice.refresh_from_db()
    assert (asked.taken_count, asked.taken_bytes, alice.used_bytes) == (1, 7, 7)
    assert Event.objects.get(action="file.ready").actor_label == "Ann"


def test_a_form_holds_no_more_than_a_guest_may_send(alice: User) -> None:
    for fields, held in (({}, PLAIN_SIZE), ({"size_limit": 70}, 70)):
        asked = request_of(alice, **fields)
        assert begin(guest_at(asked), asked).form_limit == held


def test_what_was_not_asked_for_is_explained(alice: User) -> None:
    asked = request_of(alice, kinds="pdf")
    ann = guest_at(asked)
    for name, words in (("a.exe", "Only these kinds"), ("../a.pdf", "without folders")):
        page = ann.post(f"{asked.path}uploads/", {"name": name}, follow=True).content.decode()
        assert words in page
    assert not Upload.objects.exists()


@pytest.mark.usefixtures("bucket")
def test_what_is_on_its_way_is_taken_back_whole(asked: FileRequest, alice: User) -> None:
    ann = guest_at(asked)
    upload = begin(ann, asked)
    for _ in range(2):
        assert "is taken back" in take_back(ann, asked, upload)
    asked.refresh_from_db()
    assert (asked.taken_count, asked.taken_bytes) == (0, 1000), "its form is good still"
    let_forms_expire()
    asked.refresh_from_db()
    alice.refresh_from_db()
    assert (asked.taken_count, asked.taken_bytes, alice.used_bytes) == (0, 0, 0)


def test_what_has_arrived_goes_into_its_owner_s_trash_and_makes_room(asked: FileRequest, alice: User) -> None:
    ann = guest_at(asked)
    file = arrived(asked.guests.get())
    for _ in range(2):
        assert file.name in take_back(ann, asked, file.upload)
    assert alice.files.trashed().get() == file
    asked.refresh_from_db()
    assert asked.taken_count == 0
    assert Event.objects.get(action="file.deleted").actor_label == "Ann"


def test_what_its_owner_has_made_a_link_of_stays(asked: FileRequest) -> None:
    ann = guest_at(asked)
    file = arrived(asked.guests.get())
    link_to(file)
    assert "in use already" in take_back(ann, asked, file.upload)
    assert File.objects.present().exists()


def test_what_its_owner_took_out_of_the_trash_stays_and_is_counted_once(
    asked: FileRequest, alice: User
) -> None:
    ann = guest_at(asked)
    file = arrived(asked.guests.get())
    take_back(ann, asked, file.upload)
    alice.files.trashed().get().restore(by=alice)
    assert "in use already" in take_back(ann, asked, file.upload)
    assert File.objects.present().get() == file
    asked.refresh_from_db()
    assert asked.taken_count == 0


def test_nobody_else_gets_at_it(asked: FileRequest, alice: User, visitor: Client) -> None:
    ann, ben = guest_at(asked), guest_at(asked, "Ben")
    upload = begin(ann, asked)
    own = f"{asked.path}uploads/{upload.pk}/"
    assert ben.get(own).status_code == 404
    for step in ("completion", "withdrawal"):
        assert ben.post(f"{own}{step}/").status_code == 404
        assert visitor.post(f"{own}{step}/")["Location"] == asked.path
    assert visitor.get("/r/nothing/uploads/").status_code == 405
    asked.set_password("open sesame", by=alice)
    bare = f"/r/{asked.token}/"
    assert ann.post(f"{bare}uploads/", {"name": "a"})["Location"] == bare
    upload.refresh_from_db()
    assert upload.state == Upload.State.OPEN
    assert Upload.objects.count() == 1
