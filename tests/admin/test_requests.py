"""Requests and their guests in the panel: found, filtered, closed; and what suspending their owner does."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.requests.models import FileRequest
from tests.admin.pages import act, list_of, page_of
from tests.requests.factories import arrived, guest_at, known_guest, request_of, start


def test_requests_and_guests_are_found_by_what_operators_have_in_hand(
    carol_client: Client, alice: User
) -> None:
    file_request, other = request_of(alice, title="Tax papers", password="open sesame"), request_of(alice)
    ann = known_guest(file_request, "Ann", email="ann@example.com")
    known_guest(other, "Ben")
    searches = [
        ("requests_filerequest", "tax", file_request),
        ("requests_filerequest", file_request.public_id, file_request),
        ("requests_guest", "ann@example.com", ann),
        ("requests_guest", file_request.public_id, ann),
    ]
    for table, term, row in searches:
        answer = carol_client.get(list_of(table), {"q": term})
        assert [found.pk for found in answer.context["cl"].result_list] == [row.pk], term
        body = answer.content.decode() + carol_client.get(page_of(row)).content.decode()
        assert "Tax papers" in body
        assert file_request.token not in body
        assert file_request.password not in body
    sent = arrived(ann)
    assert page_of(sent) in carol_client.get(page_of(ann)).content.decode()


def test_the_filter_agrees_with_the_state(carol_client: Client, alice: User, bob: User) -> None:
    request_of(alice)
    request_of(alice, file_limit=3, total_limit=900)
    request_of(alice).close(by=alice)
    request_of(alice, expires_at=timezone.now() - timedelta(hours=1))
    arrived(known_guest(request_of(alice, file_limit=1)))
    arrived(known_guest(request_of(alice, total_limit=5)))
    request_of(bob).close(by=bob)
    bob.suspend(by=alice)
    request_of(User.objects.create_user("poor@example.com", quota=0))
    for state in FileRequest.State:
        wanted = {
            file_request.pk for file_request in FileRequest.objects.all() if file_request.state == state
        }
        answer = carol_client.get(list_of("requests_filerequest"), {"state": state.value})
        assert {row.pk for row in answer.context["cl"].result_list} == wanted, state
        assert wanted, state


def test_an_operator_closes_a_request(dave_client: Client, dave: User, alice: User) -> None:
    file_request = request_of(alice)
    ann = guest_at(file_request)
    answer = act(dave_client, "requests_filerequest", "close", file_request)
    assert "1 request closed." in answer.content.decode()
    assert start(ann, file_request).json()["type"] == "/problems/request-closed"
    assert Event.objects.get(action="request.closed").actor == dave
    answer = act(dave_client, "requests_filerequest", "close", file_request)
    assert "All of these have been closed before" in answer.content.decode()


def test_suspending_the_owner_stops_requests_at_once(dave_client: Client, alice: User) -> None:
    file_request = request_of(alice)
    ann = guest_at(file_request)
    begun = start(ann, file_request).json()["id"]
    act(dave_client, "accounts_user", "suspend", alice)
    assert "On hold" in ann.get(file_request.path).content.decode()
    assert start(ann, file_request).status_code == 401
    assert ann.get(f"{file_request.api_path}/uploads/{begun}/").status_code == 401
    assert ann.post(f"{file_request.path}uploads/", {"name": "a.txt"})["Location"] == file_request.path
    act(dave_client, "accounts_user", "restore", alice)
    assert start(ann, file_request).status_code == 201
