"""Somebody without an account answers a request by API: they see what they sent, and no more than the request takes."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File, Upload, UploadSpec
from sharing.requests.errors import RequestClosed, RequestFull
from sharing.requests.gate import GUEST_COOKIE
from sharing.requests.models import Delivery, Guest
from sharing.storage.presigning import PresignedPost
from tests.bucket_client import send_form, sha256
from tests.factories import let_forms_expire, sent_file
from tests.races import race, refused
from tests.requests.factories import SIZE, guest_at, known_guest, request_of, start

PINNED: dict[str, Any] = {"size": 5, "checksum": "sha256", "sha256": sha256(b"hello")}
pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("bucket")
def test_what_a_guest_starts_is_charged_to_owner_and_request_until_it_is_cancelled(alice: User) -> None:
    file_request = request_of(alice)
    ann = guest_at(file_request)
    answer = start(ann, file_request)
    assert answer.status_code == 201, answer.content
    file_request.refresh_from_db()
    alice.refresh_from_db()
    assert (file_request.taken_count, file_request.taken_bytes, alice.used_bytes) == (1, SIZE, SIZE)
    assert ann.delete(f"{file_request.api_path}/uploads/{answer.json()['id']}/").status_code == 204
    let_forms_expire()
    file_request.refresh_from_db()
    alice.refresh_from_db()
    assert (file_request.taken_count, file_request.taken_bytes, alice.used_bytes) == (0, 0, 0)


def test_another_guest_finds_nothing_of_it(alice: User) -> None:
    file_request = request_of(alice)
    ann, ben = guest_at(file_request), guest_at(file_request, "Ben")
    upload = start(ann, file_request).json()["id"]
    own = f"{file_request.api_path}/uploads/{upload}/"
    assert ann.get(f"{file_request.api_path}/uploads/").json()["items"][0]["id"] == upload
    assert ben.get(f"{file_request.api_path}/uploads/").json()["items"] == []
    assert [ben.get(own).status_code, ben.delete(own).status_code] == [404, 404]
    assert ben.post(f"{own}completion/").status_code == 404
    assert start(ben, file_request, id=upload).status_code == 404
    assert b"scan.pdf" in ann.get(file_request.path).content
    assert b"scan.pdf" not in ben.get(file_request.path).content
    other = request_of(alice)
    assert ann.get(f"{other.api_path}/uploads/").status_code == 401


@pytest.mark.usefixtures("bucket")
def test_a_guest_sends_a_thumbnail_of_their_own_picture_while_it_is_new(alice: User) -> None:
    file_request = request_of(alice)
    ann, ben = guest_at(file_request), guest_at(file_request, "Ben")
    begun = start(ann, file_request, "beach.png", type="image/png", **PINNED).json()
    upload = Upload.objects.get(pk=begun["id"])
    address = f"{file_request.api_path}/files/{upload.file_id}/thumbnail/"

    def ask(client: Client, path: str = address) -> Any:
        return client.post(path, {"size": 5, "sha256": sha256(b"small")}, content_type="application/json")

    assert ask(ann).status_code == 404, "it has not arrived"
    assert send_form(upload.presign_form(), b"hello").status == 201
    assert ann.post(f"{file_request.api_path}/uploads/{upload.pk}/completion/").status_code == 200
    assert (ask(ben).status_code, ask(ann, f"/api/v1/files/{upload.file_id}/thumbnail/").status_code) == (
        404,
        401,
    )
    assert send_form(PresignedPost(**ask(ann).json()), b"small").status == 201
    for _ in range(2):
        assert ann.post(f"{address}completion/").status_code == 204
    assert File.objects.get().has_thumbnail
    assert Event.objects.get(action="file.thumbnail_kept").actor_label == "Ann"
    File.objects.update(ready_at=timezone.now() - timedelta(minutes=61))
    assert ask(ann).status_code == 404, "by now its owner may have made a link of it"


@pytest.mark.usefixtures("bucket")
def test_the_record_and_the_owner_s_pages_name_the_guest_as_who_sent_it(
    alice: User, alice_client: Client
) -> None:
    file_request = request_of(alice)
    ann = guest_at(file_request, "Ann", email="ann@example.com")
    upload = Upload.objects.get(pk=start(ann, file_request, "scan.txt", **PINNED).json()["id"])
    assert send_form(upload.presign_form(), b"hello").status in {201, 204}
    own = sent_file(alice, b"mine")
    assert ann.post(f"{file_request.api_path}/uploads/{upload.pk}/completion/").status_code == 200
    ann.delete(f"{file_request.api_path}/uploads/{start(ann, file_request).json()['id']}/")
    by_guest = Event.objects.filter(actor=None, actor_label="Ann <ann@example.com>")
    told = set(by_guest.values_list("action", flat=True))
    assert told == {"upload.started", "upload.cancelled", "file.ready"}
    assert Event.objects.get(action="file.ready", actor=alice).subject_id == str(own.pk)
    for page in ("/", upload.file.get_absolute_url()):
        shown = alice_client.get(page).content.decode()
        assert "Ann &lt;ann@example.com&gt;" in shown
        assert file_request.get_absolute_url() in shown
    assert "Sent by" not in alice_client.get(own.get_absolute_url()).content.decode()


def test_who_has_not_said_who_they_are_sends_nothing(alice: User, visitor: Client) -> None:
    file_request = request_of(alice)
    assert start(visitor, file_request).status_code == 401
    assert visitor.post(file_request.path, {"name": ""}).status_code == 422
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = guest_at(file_request).cookies
    assert start(strict, file_request).status_code == 403


@pytest.mark.parametrize(
    ("fields", "slug"),
    [
        ({"kinds": "jpg,image/*"}, "not-asked"),
        ({"size_limit": SIZE - 1}, "not-asked"),
        ({"total_limit": SIZE - 1}, "request-full"),
    ],
)
def test_what_was_not_asked_for_is_refused_and_costs_nothing(alice: User, fields: Any, slug: str) -> None:
    file_request = request_of(alice, **fields)
    answer = start(guest_at(file_request), file_request)
    assert answer.json()["type"] == f"/problems/{slug}"
    alice.refresh_from_db()
    assert alice.used_bytes == 0


def test_a_full_account_does_not_say_how_full(alice: User) -> None:
    file_request = request_of(alice)
    ann = guest_at(file_request)
    User.objects.filter(pk=alice.pk).update(quota=SIZE - 1)
    assert start(ann, file_request).json()["detail"] == "This request has no space for more files right now."


def test_a_closed_request_takes_nothing_until_it_is_reopened(alice: User) -> None:
    file_request = request_of(alice)
    ann = guest_at(file_request)
    file_request.close(by=alice)
    assert b"<file-drop" not in ann.get(file_request.path).content
    assert start(ann, file_request).json()["type"] == "/problems/request-closed"
    file_request.reopen(by=alice)
    assert start(ann, file_request).status_code == 201
    file_request.close(by=alice)
    assert b"<file-drop" in ann.get(file_request.path).content, "what was begun can still arrive"


def test_the_owner_sees_who_sent_what_and_another_user_nothing(
    alice: User, alice_client: Client, bob_client: Client
) -> None:
    file_request = request_of(alice)
    start(guest_at(file_request, "Ann"), file_request)
    page = alice_client.get(file_request.get_absolute_url()).content.decode()
    assert "scan.pdf" in page
    assert "Ann" in page
    assert bob_client.get(file_request.get_absolute_url()).status_code == 404
    assert alice_client.get("/requests/").status_code == 200
    assert Client().get("/r/nothing/").status_code == 404


@pytest.mark.parametrize("limits", [{"file_limit": 10}, {"total_limit": 11 * SIZE - 1}])
@pytest.mark.django_db(transaction=True)
def test_of_fifty_racing_guests_ten_fit(alice: User, limits: dict[str, int]) -> None:
    file_request = request_of(alice, **limits)
    guests = [known_guest(file_request, f"Guest {number}") for number in range(50)]

    def begin(guest: Guest) -> Upload:
        (outcome,) = Upload.objects.start_all([UploadSpec(name="film.mov", size=SIZE)], sender=guest)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert refused(race(begin, guests), RequestFull) == 40
    file_request.refresh_from_db()
    alice.refresh_from_db()
    assert (file_request.taken_count, file_request.taken_bytes, alice.used_bytes) == (
        10,
        10 * SIZE,
        10 * SIZE,
    )
    senders = Delivery.objects.values_list("guest", flat=True).distinct()
    assert (Upload.objects.count(), len(senders)) == (10, 10)


def test_a_guest_whose_owner_was_suspended_meanwhile_goes_on_with_nothing(alice: User) -> None:
    file_request = request_of(alice)
    guest = guest_at(file_request)
    upload = start(guest, file_request).json()["id"]
    alice.suspend(by=alice)
    own = f"{file_request.api_path}/uploads/{upload}/"
    body = {"parts": [{"number": 1}]}
    answers = [
        guest.get(own),
        guest.post(f"{own}parts/", body, content_type="application/json"),
        guest.post(f"{own}completion/"),
        start(guest, file_request),
    ]
    assert [answer.status_code for answer in answers] == [401] * 4


def test_a_request_takes_nothing_once_its_owner_is_suspended(alice: User) -> None:
    guest = known_guest(request_of(alice))
    User.objects.update(is_active=False)
    [outcome] = Upload.objects.start_all([UploadSpec(name="scan.pdf", size=5)], sender=guest)
    assert isinstance(outcome, RequestClosed)


def test_a_guest_s_cookie_of_31_days_ago_is_a_stranger_s(alice: User) -> None:
    file_request = request_of(alice)
    with time_machine.travel(timezone.now() - timedelta(days=31)):
        guest = guest_at(file_request)
    for cookie in guest.cookies.values():
        cookie["expires"] = cookie["max-age"] = ""
    assert start(guest, file_request).status_code == 401
    with time_machine.travel(timezone.now() - timedelta(days=29)):
        other = guest_at(file_request)
    for cookie in other.cookies.values():
        cookie["expires"] = cookie["max-age"] = ""
    assert start(other, file_request).status_code == 201


def test_its_pages_are_for_no_cache_and_no_search_engine(alice: User, visitor: Client) -> None:
    file_request = request_of(alice)
    for path in (
        file_request.path,
        f"{file_request.path}uploads/",
        reverse("request_landing", args=["nonsense"]),
    ):
        answer = visitor.post(path) if path.endswith("uploads/") else visitor.get(path)
        told = (answer["X-Robots-Tag"], answer["Cache-Control"], answer["Referrer-Policy"])
        assert told == ("noindex, nofollow", "no-store", "same-origin"), path


def test_a_guest_s_browser_is_known_by_its_signature_alone(alice: User, visitor: Client) -> None:
    """Its id may be read by others, as in a dump of the database, and opens nothing."""
    ann = known_guest(request_of(alice))
    visitor.cookies[GUEST_COOKIE.name] = str(ann.browser)
    assert start(visitor, ann.request).status_code == 401
