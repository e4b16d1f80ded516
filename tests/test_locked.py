"""A refused visitor reads nothing of the contents: every route and method under `/s/` and `/r/`, each lock."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any, NamedTuple

import pytest
from django.core.cache import cache
from django.db.models import Model
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.access import Access
from sharing.links.gate import Admission
from sharing.links.models import Link, Recipient
from sharing.links.rules import Card
from sharing.mail.address_list import Person
from sharing.requests.models import FileRequest
from tests.factories import kept_file, link_to, started_upload
from tests.requests.factories import request_of, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]

PASSWORD, WRONG = "open sesame", "open barley"
METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
LONG_AGO = timedelta(days=3)


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Every route of ours, however it is mounted."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


PUBLIC = sorted({route for route in routes(get_resolver().url_patterns) if route.startswith(("s/", "r/"))})
OF_LINKS = [route for route in PUBLIC if route.startswith("s/")]
OF_REQUESTS = [route for route in PUBLIC if route.startswith("r/")]


class Locked(NamedTuple):
    """`address` is what the visitor has; `values` fill the route's other placeholders."""

    client: Client
    address: str
    values: dict[str, str]
    secrets: list[str]
    bodies: list[dict[str, Any]]


def asked_of(locked: Locked, route: str) -> Iterator[tuple[str, Any]]:
    """Return the answer of each method with each body at each way of writing the address."""
    for address in (locked.address, f"another-name-{locked.address}"):
        path = f"/{route}"
        for name, value in {**locked.values, "<str:token>": address, "<str:address>": address}.items():
            path = path.replace(name, value)
        tried = [*product(METHODS, locked.bodies[:1]), *product(["post"], locked.bodies[1:])]
        for method, body in [*tried, ("get", locked.bodies[-1])] if address == locked.address else tried[:4]:
            cache.clear()  # tries are counted there
            yield f"{method} {path} {body}", getattr(locked.client, method)(path, body)


def drawn_from(answer: Any) -> Iterator[object]:
    """Whatever the templates of an answer had in reach."""
    for context in answer.context or []:
        for layer in getattr(context, "dicts", [context]):
            yield from layer.values()


def tells_nothing(locked: Locked, route: str) -> None:
    for tried, answer in asked_of(locked, route):
        told = answer.content.decode() + str(dict(answer.items())) + answer.cookies.output()
        assert not [secret for secret in locked.secrets if secret in told], tried
        assert answer.status_code < 500, tried
        in_reach = [value for value in drawn_from(answer) if isinstance(value, (Model, Admission))]
        assert not in_reach, tried


def inside_of(owner: User) -> tuple[Link, File]:
    file = kept_file(owner, name="plan.png", path="tax papers", size=812_345, has_thumbnail=True)
    File.objects.filter(pk=file.pk).update(content_type="image/png")
    other = kept_file(owner, name="film.mov", size=612_345)
    link = link_to(
        file, other, title="The takeover", message="As promised.", password=PASSWORD, name="Our plans"
    )
    link.show_on_card(Card.TITLE, by=owner)
    return Link.objects.get(pk=link.pk), file


def of_link(
    link: Link, file: File, *, client: Client | None = None, recipient: Recipient | None = None
) -> Locked:
    words = ["The takeover", "As promised", "plan.png", "film.mov", "tax papers", "our-plans"]
    sizes = ["812 kB", "812345", "612 kB", "612345", "1.42 MB"]
    signed = ["X-Amz-", "X-Amz-Signature=", file.object_key, '"receipt"', 'class="qr"']
    bodies: list[dict[str, Any]] = [
        {},
        {"password": WRONG},
        {"password": WRONG, "code": "123456"},
        {"code": "123456", "file": str(file.pk), "receipt": "x"},
        {"name": "x" * 101, "words": "x" * 501},
        {"q": "plan", "contents-page": "1"},
    ]
    token = recipient.token if recipient else link.token
    return Locked(
        client or Client(), token, {"<uuid:file_id>": str(file.pk)}, [*words, *sizes, *signed], bodies
    )


def with_password(link: Link, file: File) -> Locked:
    return of_link(link, file)


def with_code(link: Link, file: File) -> Locked:
    link.remove_password(by=link.owner)
    link.ask_for_code(True, by=link.owner)
    return of_link(link, file)


def with_code_by_mail(link: Link, file: File) -> Locked:
    link.remove_password(by=link.owner)
    link.ask_for_code(True, by=link.owner)
    return at_own_address(link, file)


def at_own_address(link: Link, file: File) -> Locked:
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com")], by=link.owner)
    return of_link(link, file, recipient=ann)


def at_revoked_address(link: Link, file: File) -> Locked:
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com")], by=link.owner)
    ann.revoke(by=link.owner)
    return of_link(link, file, recipient=ann)


def expired(link: Link, file: File) -> Locked:
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - LONG_AGO)
    return of_link(link, file)


def expired_at_own_address(link: Link, file: File) -> Locked:
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - LONG_AGO)
    return at_own_address(link, file)


def used_up(link: Link, file: File) -> Locked:
    link.limit_downloads(1, by=link.owner)
    link.items.update(download_count=1)
    return of_link(link, file)


def one_file_used_up(link: Link, file: File) -> Locked:
    link.limit_downloads(1, by=link.owner)
    link.items.filter(file=file).update(download_count=1)
    return of_link(link, file)


def revoked(link: Link, file: File) -> Locked:
    link.revoke(by=link.owner)
    return of_link(link, file)


def suspended(link: Link, file: File) -> Locked:
    link.owner.suspend(by=link.owner)
    return of_link(link, file)


def withdrawn(link: Link, file: File) -> Locked:
    File.objects.update(deleted_at=timezone.now())
    return of_link(link, file)


def on_its_way(link: Link, file: File) -> Locked:
    link.add_files([started_upload(link.owner, 20_000_000).file], by=link.owner)
    return of_link(link, file)


def with_another_password_since(link: Link, file: File) -> Locked:
    """Somebody who was in, collected, and holds key, receipt and visitor's cookie."""
    client = Client()
    path = f"/s/{link.token}/"
    assert client.post(path, {"password": PASSWORD}).status_code == 303
    for cookie in client.cookies.values():
        cookie["path"] = "/"
    receipt = client.post(f"{path}collection/").json()["receipt"]
    link.set_password(PASSWORD, by=link.owner)
    locked = of_link(link, file, client=client)
    return locked._replace(bodies=[*locked.bodies, {"file": str(file.pk), "receipt": receipt}])


def with_a_code_since(link: Link, file: File) -> Locked:
    locked = with_another_password_since(link, file)
    link.remove_password(by=link.owner)
    link.ask_for_code(True, by=link.owner)
    return locked


def with_a_code_beside_the_password(link: Link, file: File) -> Locked:
    """Somebody who was in by the password, at the plain address, to which no code leads."""
    client = Client()
    assert client.post(f"/s/{link.token}/", {"password": PASSWORD}).status_code == 303
    for cookie in client.cookies.values():
        cookie["path"] = "/"
    link.ask_for_code(True, by=link.owner)
    return of_link(link, file, client=client)


LINKS: list[Callable[[Link, File], Locked]] = [
    with_password,
    with_code,
    with_code_by_mail,
    at_own_address,
    at_revoked_address,
    expired,
    expired_at_own_address,
    used_up,
    one_file_used_up,
    revoked,
    suspended,
    withdrawn,
    on_its_way,
    with_another_password_since,
    with_a_code_since,
    with_a_code_beside_the_password,
]


@pytest.mark.parametrize("lock", LINKS, ids=lambda lock: lock.__name__)
def test_a_locked_link_tells_nothing_of_what_is_inside(
    alice: User, lock: Callable[[Link, File], Locked]
) -> None:
    locked = lock(*inside_of(alice))
    for route in OF_LINKS:
        tells_nothing(locked, route)


def test_who_is_let_in_reads_all_of_it(alice: User) -> None:
    """Otherwise the test above would prove nothing."""
    link, file = inside_of(alice)
    locked = of_link(link, file)
    locked.client.post(f"/s/{link.address_by(link.token)}/", {"password": PASSWORD})
    told = "".join(
        answer.content.decode(errors="ignore") + str(dict(answer.items()))
        for route in OF_LINKS
        for _, answer in asked_of(locked._replace(address=link.address_by(link.token)), route)
        if not answer.streaming
    )
    found = {secret for secret in locked.secrets if secret in told}
    assert found == set(locked.secrets)


class Asked(NamedTuple):
    request: FileRequest
    # A guest's browser, and what it has begun to send.
    guest: Client
    upload: str


def asked_by(owner: User) -> Asked:
    rules: dict[str, Any] = {"message": "All of 2025.", "kinds": "pdf,docx", "size_limit": 812_000_000}
    file_request = request_of(owner, title="Tax papers", password=PASSWORD, name="our-taxes", **rules)
    guest = Client()
    assert guest.post(file_request.path, {"password": PASSWORD, "name": "Ann"}).status_code == 302
    return Asked(file_request, guest, start(guest, file_request, name="salary.pdf").json()["id"])


def of_request(file_request: Asked, *, client: Client | None = None) -> Locked:
    secrets = ["Tax papers", "All of 2025", "docx", "812 MB", "salary", "our-taxes", "X-Amz-", "file-drop"]
    bodies: list[dict[str, Any]] = [
        {},
        {"password": WRONG, "name": "Ann"},
        {"password": "", "name": "x" * 101, "email": "x"},
        {"name": "mine.pdf"},
        {"etag": "x", "key": "x", "q": "mine"},
    ]
    return Locked(
        client or Client(),
        file_request.request.token,
        {"<uuid:upload_id>": file_request.upload},
        secrets,
        bodies,
    )


def a_stranger(file_request: Asked) -> Locked:
    return of_request(file_request)


def a_guest_of_another_request(file_request: Asked) -> Locked:
    client = Client()
    client.post(request_of(file_request.request.owner).path, {"name": "Bob"})
    return of_request(file_request, client=client)


def a_guest_whose_password_was_changed(file_request: Asked) -> Locked:
    file_request.request.set_password(PASSWORD, by=file_request.request.owner)
    return of_request(file_request, client=file_request.guest)


def a_stranger_at_a_closed_one(file_request: Asked) -> Locked:
    file_request.request.close(by=file_request.request.owner)
    return of_request(file_request)


def a_stranger_at_an_expired_one(file_request: Asked) -> Locked:
    FileRequest.objects.update(expires_at=timezone.now() - LONG_AGO)
    return of_request(file_request)


def a_stranger_at_a_full_one(file_request: Asked) -> Locked:
    FileRequest.objects.update(file_limit=1)
    return of_request(file_request)


def a_stranger_where_there_is_no_room(file_request: Asked) -> Locked:
    User.objects.update(quota=1)
    return of_request(file_request)


def a_stranger_at_a_suspended_one(file_request: Asked) -> Locked:
    file_request.request.owner.suspend(by=file_request.request.owner)
    return of_request(file_request)


def a_guest_at_a_suspended_one(file_request: Asked) -> Locked:
    file_request.request.owner.suspend(by=file_request.request.owner)
    return of_request(file_request, client=file_request.guest)


REQUESTS: list[Callable[[Asked], Locked]] = [
    a_stranger,
    a_guest_of_another_request,
    a_guest_whose_password_was_changed,
    a_stranger_at_a_closed_one,
    a_stranger_at_an_expired_one,
    a_stranger_at_a_full_one,
    a_stranger_where_there_is_no_room,
    a_stranger_at_a_suspended_one,
]


@pytest.mark.parametrize("lock", REQUESTS, ids=lambda lock: lock.__name__)
def test_a_locked_request_tells_nothing_of_what_is_asked_for(
    alice: User, lock: Callable[[Asked], Locked]
) -> None:
    locked = lock(asked_by(alice))
    for route in OF_REQUESTS:
        tells_nothing(locked, route)


def test_a_guest_who_is_let_in_reads_all_of_it(alice: User) -> None:
    """Otherwise the test above would prove nothing."""
    file_request = asked_by(alice)
    told = file_request.guest.get(file_request.request.path, follow=True).content.decode()
    secrets = of_request(file_request).secrets
    assert {secret for secret in secrets if secret in told} == set(secrets) - {"X-Amz-"}


def test_only_the_gate_admits(alice: User) -> None:
    from sharing.links.gate import Gate
    from sharing.requests import gate

    link, _ = inside_of(alice)
    request: Any = Client().get(f"/s/{link.token}/").wsgi_request
    with pytest.raises(TypeError, match="Only the gate"):
        Admission(Gate(request, link.token), Access(link), seal=object())
    with pytest.raises(TypeError, match="Only the gate"):
        gate.Admission(request_of(alice), None, seal=object())


def test_there_are_routes_to_try() -> None:
    assert len(OF_LINKS) >= 9
    assert len(OF_REQUESTS) >= 5
