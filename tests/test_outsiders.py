"""One user can see, change, link, download or complete nothing of another's: every address there is, tried."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from sharing.accounts.models import User
from sharing.files.models import DirectURL, File, Upload
from sharing.links.models import Download, Item, Link, Recipient
from sharing.mail.address_list import Person
from sharing.requests.models import Delivery, FileRequest, Guest
from tests.bucket_client import sha256
from tests.factories import link_to, recorded_file, started_upload
from tests.requests.factories import arrived, known_guest, request_of

pytestmark = pytest.mark.django_db

PLACEHOLDERS = ("<uuid:pk>", "<uuidstr:upload_id>", "<uuidstr:file_id>", "<str:public_id>")
# Tried in tests/accounts and tests/admin; and landing pages, where the token in the address is the proof.
ELSEWHERE = ("accounts/", "admin/", "s/", "r/")
METHODS = ("get", "post", "put", "patch", "delete")
REFUSED = {404, 405}
BODY: dict[str, Any] = {"parts": [{"number": 1, "sha256": sha256(b"x")}], "size": 1, "sha256": sha256(b"x")}


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Every route of ours that names a thing."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif any(name in route for name in PLACEHOLDERS) and not route.startswith(ELSEWHERE):
            yield route


NAMING = sorted(set(routes(get_resolver().url_patterns)))


class Things(NamedTuple):
    """`sent` was sent by a guest of `file_request`."""

    file: File
    upload: Upload
    link: Link
    recipient: Recipient
    trashed: File
    file_request: FileRequest
    sent: File


def everything(owner: User) -> Things:
    file, trashed = recorded_file(owner), recorded_file(owner)
    file.create_direct_url(seconds=60, by=owner)
    trashed.delete_by(owner)
    link = link_to(file)
    [recipient] = Recipient.objects.mail(link, [Person("ann@example.com")], by=owner)
    file_request = request_of(owner)
    sent = arrived(known_guest(file_request))
    upload = started_upload(owner, 20_000_000)
    return Things(file, upload, link, recipient, trashed, file_request, sent)


def addresses(route: str, things: Things) -> list[str]:
    placeholder = next(name for name in PLACEHOLDERS if name in route)
    public_ids = [things.link.public_id, things.recipient.public_id, things.file_request.public_id]
    keys = [things.file.pk, things.upload.pk, things.trashed.pk, things.sent.pk, things.sent.upload.pk]
    values = public_ids if placeholder == "<str:public_id>" else keys
    route = route.replace("<uuid:file_id>", str(things.file.pk)).replace(
        "<str:token>", things.file_request.token
    )
    return [f"/{route.replace(placeholder, str(value))}" for value in values]


def answers(client: Client, route: str, things: Things) -> Iterator[tuple[str, Any]]:
    """Yield the answer of each method at each of the addresses."""
    for address in addresses(route, things):
        for method in METHODS:
            answer = getattr(client, method)(address, BODY, content_type="application/json")
            yield f"{method} {address}", answer


def state_of_all() -> list[str]:
    """Every field of all that somebody may own."""
    tables: list[type[Model]] = [
        *(File, DirectURL, Upload),
        *(Link, Item, Recipient, Download),
        *(FileRequest, Guest, Delivery),
    ]
    return [str(list(model._default_manager.order_by("pk").values())) for model in tables]


def test_there_are_routes_to_try() -> None:
    assert len(NAMING) >= 40
    assert any("token" in route for route in NAMING)


@pytest.mark.parametrize("route", NAMING)
def test_another_user_is_told_there_is_no_such_thing(alice: User, bob_client: Client, route: str) -> None:
    things = everything(alice)
    if "<str:token>" in route:
        # To be a guest at the same request does not help.
        bob_client.post(things.file_request.path, {"name": "Bob"})
    before = state_of_all()
    for tried, answer in answers(bob_client, route, things):
        assert answer.status_code in REFUSED, tried
    assert state_of_all() == before


@pytest.mark.parametrize("route", NAMING)
def test_a_visitor_is_sent_to_sign_in_or_refused(alice: User, visitor: Client, route: str) -> None:
    things = everything(alice)
    before = state_of_all()
    for tried, answer in answers(visitor, route, things):
        assert answer.status_code in {302, 401, 404, 405}, tried
        if answer.status_code == 302:
            assert answer["Location"].startswith(reverse("account_login")), tried
    assert state_of_all() == before


def lists(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Every page of ours that names no thing, and may list somebody's."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from lists(pattern.url_patterns, route)
        elif "<" not in route and "(?P" not in route and not route.startswith(ELSEWHERE):
            yield route.removeprefix("^").removesuffix("$")


LISTS = sorted(set(lists(get_resolver().url_patterns)))
OWN = "whose-is-this"


def named_everywhere(owner: User) -> None:
    """Something in every list, each by a name that nobody else has."""
    file = recorded_file(owner, name=f"{OWN}.txt", path=OWN)
    recorded_file(owner, name=f"{OWN}-trashed.txt").delete_by(owner)
    link_to(file, title=f"{OWN} link")
    file_request = request_of(owner, title=f"{OWN} request")
    arrived(known_guest(file_request, f"{OWN} guest"), name=f"{OWN}-sent.txt")
    started_upload(owner, 20_000_000, name=f"{OWN}-begun.mov")


def test_there_are_lists_to_try() -> None:
    assert {"", "trash/", "requests/", "api/v1/uploads/"} <= set(LISTS)


@pytest.mark.parametrize("route", LISTS)
def test_no_list_of_another_user_s_shows_anything(alice: User, bob_client: Client, route: str) -> None:
    named_everywhere(alice)
    ids = [
        str(key) for model in (File, Upload) for key in model._default_manager.values_list("pk", flat=True)
    ]
    for query in ("", f"?q={OWN[:5]}", "?limit=100"):
        page = bob_client.get(f"/{route}{query}").content.decode(errors="replace")
        assert not [name for name in (OWN, *ids) if name in page], query


def test_the_owner_s_own_lists_show_it(alice: User, alice_client: Client) -> None:
    """Otherwise the test above would prove nothing."""
    named_everywhere(alice)
    showing = [
        route for route in LISTS if OWN in alice_client.get(f"/{route}").content.decode(errors="replace")
    ]
    assert {"", "trash/", "requests/", "api/v1/uploads/"} <= set(showing)


def test_the_owner_is_not_refused(alice: User, alice_client: Client) -> None:
    """Otherwise the tests above would prove nothing."""
    things = everything(alice)
    shown = {address for route in NAMING for address in addresses(route, things)}
    statuses = [alice_client.get(address).status_code for address in shown]
    assert sum(status in {200, 302} for status in statuses) >= 5
