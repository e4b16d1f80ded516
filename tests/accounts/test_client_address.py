"""Whose request it is, for rate limits: by network, and as far as the proxies in front are believed."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpRequest
from django.test import Client, RequestFactory

from sharing.accounts.http import client_ip, client_network


def asked(forwarded: str | None = None, *, peer: str = "10.0.0.1") -> HttpRequest:
    headers: dict[str, Any] = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (0, None, "10.0.0.1"),
        (0, "203.0.113.5", "10.0.0.1"),
        (1, None, "10.0.0.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (2, "198.51.100.1, 203.0.113.5", "198.51.100.1"),
        (2, "198.51.100.99, 198.51.100.1, 203.0.113.5", "198.51.100.1"),
        (2, "203.0.113.5", "203.0.113.5"),
        (1, "203.0.113.5:4711", "203.0.113.5"),
        (1, "[2001:db8::5]:4711", "2001:db8::5"),
        (1, "fe80::5%eth0", "fe80::5"),
        (1, "unknown", "10.0.0.1"),
        (1, "_hidden", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, " , ", "10.0.0.1"),
        (1, "203.0.113.5, unknown", "10.0.0.1"),
    ],
)
def test_as_many_proxies_are_believed_as_the_setting_says(
    settings: LazySettings, trusted: int, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = trusted
    assert client_ip(asked(forwarded)) == address


@pytest.mark.parametrize("peer", ["", "unix:", "nonsense"])
def test_a_peer_without_an_address_has_none(peer: str) -> None:
    assert client_ip(asked(peer=peer)) == "0.0.0.0"


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("::ffff:cb00:714d", "203.0.113.0"),
        ("64:ff9b::203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2::77", "2001:db8:1::"),
    ],
)
def test_an_ipv4_address_is_its_own_network_however_it_is_written(peer: str, network: str) -> None:
    assert client_network(asked(peer=peer)) == network


@pytest.mark.parametrize("said", ["unknown", "_hidden", "", "198.51.100.300", "a,b,c", "[", "%", "::%25"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/s/AAAAAAAAAAAA/", "/r/AAAAAAAAAAAA/", "/livez"])
def test_no_page_is_refused_for_what_a_proxy_says(
    db: None, visitor: Client, settings: LazySettings, said: str, path: str
) -> None:
    for settings.TRUSTED_PROXY_COUNT in (1, 3):
        for answer in (
            visitor.get(path, headers={"X-Forwarded-For": said}),
            visitor.post(path, {"login": "a@b.example", "password": "x"}, headers={"X-Forwarded-For": said}),
        ):
            assert answer.status_code in {200, 404, 405}
