"""A request's password: typed once a guest, told by nobody, and asked for by page and API alike."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.rate_limits import PASSWORD_TRIES, PASSWORD_TRIES_ANYWHERE
from sharing.requests.models import FileRequest, Guest
from tests.requests.factories import guest_at, request_of, start

pytestmark = pytest.mark.django_db
PASSWORD = "open sesame"


@pytest.fixture
def file_request(alice: User) -> FileRequest:
    return request_of(alice, title="Tax papers", message="All of 2025.", kinds="pdf", password=PASSWORD)


def unlock(client: Client, file_request: FileRequest, password: str, ip: str = "192.0.2.1") -> int:
    answer = client.post(file_request.path, {"password": password, "name": "Ann"}, REMOTE_ADDR=ip)
    return answer.status_code


def test_a_locked_request_tells_whom_it_is_from_and_nothing_else(
    file_request: FileRequest, visitor: Client, alice: User
) -> None:
    def shown() -> tuple[int, str]:
        answer = visitor.get(file_request.path)
        return answer.status_code, answer.content.decode()

    for close in (False, True):
        if close:
            file_request.close(by=alice)
        status, page = shown()
        assert status == 403
        assert "Alice" in page
        assert not [secret for secret in ("Tax papers", "All of 2025", "pdf") if secret in page]


def test_one_prompt_lets_a_guest_in_for_good(file_request: FileRequest, visitor: Client) -> None:
    assert unlock(visitor, file_request, "open barley") == 403
    assert not Guest.objects.exists()
    assert unlock(visitor, file_request, f" {PASSWORD} ") == 302
    assert "Tax papers" in visitor.get(file_request.path).content.decode()
    assert start(visitor, file_request).status_code == 201
    assert Event.objects.get(action="request.refused").details == {"reason": "password"}


def test_another_password_asks_again_for_it_alone(
    file_request: FileRequest, alice: User, alice_client: Client, visitor: Client
) -> None:
    unlock(visitor, file_request, PASSWORD)
    upload = start(visitor, file_request).json()["id"]
    address = reverse("file_request_settings", args=[file_request.public_id])
    assert alice_client.post(address, {"password": "abc"}).status_code == 422
    assert alice_client.post(address, {"password": "another one"}).status_code == 302
    locked = visitor.get(file_request.path)
    assert locked.status_code == 403
    assert b"Your name" not in locked.content
    for answer in (
        start(visitor, file_request),
        visitor.get(f"{file_request.api_path}/uploads/{upload}/"),
        visitor.delete(f"{file_request.api_path}/uploads/{upload}/"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/request-locked")
    assert visitor.post(file_request.path, {"password": "another one"}).status_code == 302
    assert visitor.get(f"{file_request.api_path}/uploads/{upload}/").status_code == 200
    assert Guest.objects.count() == 1
    alice_client.post(address, {"remove_password": "on"})
    assert Client().get(file_request.path).status_code == 200
    told = [event.action for event in Event.objects.filter(action__startswith="request.pass").order_by("pk")]
    assert told == ["request.password_changed", "request.password_removed"]


def test_a_password_that_is_set_later_is_asked_of_who_was_there_before(alice: User) -> None:
    file_request = request_of(alice)
    ann = guest_at(file_request)
    file_request.set_password(PASSWORD, by=alice)
    assert ann.get(file_request.path).status_code == 403
    assert start(ann, file_request).json()["type"] == "/problems/request-locked"


def test_a_network_has_ten_tries_and_others_are_not_kept_out(file_request: FileRequest) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(PASSWORD_TRIES.count):
            assert unlock(Client(), file_request, "wrong") == 403
        answer = Client().post(
            file_request.path, {"password": PASSWORD, "name": "Ann"}, REMOTE_ADDR="192.0.2.9"
        )
        assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert unlock(Client(), file_request, PASSWORD, ip="198.51.100.7") == 302


def test_a_password_has_a_hundred_guesses_an_hour_from_all_networks_together(
    file_request: FileRequest,
) -> None:
    FileRequest.objects.update(guesses=PASSWORD_TRIES_ANYWHERE.count - 1, guessed_at=timezone.now())
    assert unlock(Client(), file_request, "wrong") == 403
    assert unlock(Client(), file_request, PASSWORD, ip="198.51.100.7") == 429
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert unlock(Client(), file_request, PASSWORD, ip="198.51.100.7") == 302


def test_a_browser_that_keeps_no_cookie_is_told_why_it_is_asked_again(
    file_request: FileRequest, alice: User
) -> None:
    for request, said in (
        (file_request, {"password": PASSWORD, "name": "Ann"}),
        (request_of(alice), {"name": "Ann"}),
    ):
        answer = Client().post(request.path, said)
        assert "did not keep the cookie" in Client().get(answer["Location"]).content.decode()
    strict = Client(enforce_csrf_checks=True).post(file_request.path, {"password": PASSWORD, "name": "Ann"})
    assert strict.status_code == 403
    assert "Your browser sent no cookie" in strict.content.decode()


def test_neither_password_nor_hash_is_shown(file_request: FileRequest, alice_client: Client) -> None:
    page = alice_client.get(file_request.get_absolute_url()).content.decode()
    assert PASSWORD not in page
    assert file_request.password not in page
    assert file_request.password not in str(list(Event.objects.values()))
