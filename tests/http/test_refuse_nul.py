"""NUL is refused wherever it stands in a request, since PostgreSQL takes none."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLResolver, get_resolver

from sharing.accounts.models import User
from tests.factories import link_to, recorded_file
from tests.requests.factories import request_of

FIELDS = (
    *(
        "name",
        "title",
        "message",
        "password",
        "code",
        "q",
        "login",
        "email",
        "slug",
        "note",
        "text",
        "file",
        "folder",
    ),
    *(
        "next",
        "page",
        "path",
        "kinds",
        "expires_at",
        "limit",
        "file-page",
        "files-q",
        "files-sort",
        "links-page",
        "o",
    ),
)
BODY = json.dumps(
    {"name": "a\0", "size": 5, "path": "\0", "content_type": "\0", "files": ["\0"], "ids": ["\0"]}
)


def addresses(patterns: list[Any], prefix: str = "/") -> Iterator[str]:
    """Every address there is, with a NUL for each text that it takes."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif (
            "logout" not in route and "readyz" not in route
        ):  # one ends the session, the other asks the bucket
            route = re.sub(
                r"<int:\w+>", "1", re.sub(r"<uuid(str)?:\w+>", f"{0:0>8}-0000-4000-8000-{0:0>12}", route)
            )
            route = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "a%00b", route)
            yield re.sub(r"[\^$\\]|\\Z", "", route)


@pytest.fixture
def people(alice: User, carol: User) -> list[Client]:
    """A visitor, a user and an operator, who are shown what a server's error looks like, not the exception."""
    clients = [Client(raise_request_exception=False) for _ in range(3)]
    clients[1].force_login(alice)
    clients[2].force_login(carol)
    return clients


def test_a_nul_is_no_servers_error_at_any_address(people: list[Client], alice: User) -> None:
    link, asked = link_to(recorded_file(alice)), request_of(alice)
    known = [link.path_by(link.token), asked.path, f"/links/{link.public_id}/"]
    query = "&".join(f"{name}=a%00b" for name in FIELDS)
    form = dict.fromkeys(FIELDS, "a\0b")
    for address in [*known, *sorted(set(addresses(get_resolver().url_patterns)))]:
        visitor, user, operator = people
        for client in (operator,) if address.startswith("/admin/") else (visitor, user):
            tried = {
                "query": client.get(f"{address}?{query}"),
                "form": client.post(address, form),
                "json": client.post(address, BODY, content_type="application/json"),
            }
            failed = [how for how, answer in tried.items() if answer.status_code >= 500]
            assert not failed, address


@pytest.mark.parametrize("path", ["/?q=a%00b", "/trash/?files-q=%00", "/%00", "/s/a%00b/", "/?%00=1"])
def test_a_nul_in_an_address_is_a_bad_request(alice_client: Client, path: str) -> None:
    answer = alice_client.get(path)
    assert answer.status_code == 400
    assert "Your browser sent something" in answer.content.decode()


def test_nor_in_a_cookie(db: None, visitor: Client) -> None:
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "twelve\0letters"
    assert visitor.get("/").status_code == 400


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/api/v1/files/?q=%00", 400, "unreadable"),
        ("/api/v1/none/", 404, "unknown"),
        ("/api/none/", 404, "unknown"),
        ("/api/v1/none", 404, "unknown"),
    ],
)
def test_the_api_refuses_in_problems_whoever_found_the_error(
    alice_client: Client, path: str, status: int, slug: str
) -> None:
    answer = alice_client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"/problems/{slug}"


def test_a_missing_csrf_token_and_an_unknown_host_are_problems_too(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    csrf = client.post("/api/v1/uploads/", {}, content_type="application/json")
    host = client.get("/api/v1/files/", headers={"Host": "evil.example"})
    for answer, status in ((csrf, 403), (host, 400)):
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
