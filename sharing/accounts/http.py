"""The user, address and network behind an HTTP request, and signing a user in."""

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from allauth.account.utils import perform_login
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from sharing.accounts.models import User

# Where neither a proxy nor the connection (a Unix socket) tells: RFC 1122 section 3.2.1.3, "this host".
UNKNOWN_IP = "0.0.0.0"  # noqa: S104 (nothing is bound to it)
# RFC 6052 section 2.1: the last 32 bits are an IPv4 address.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def signed_in_user(request: HttpRequest) -> "User":
    """Return the user of a request that the login middleware let through."""
    return cast("User", request.user)


def client_ip(request: HttpRequest) -> str:
    """Return the visitor's IP address, believing as many proxies as TRUSTED_PROXY_COUNT says.

    A proxy may not know the address, or name it in a way of its own (RFC 7239 section 6): then it is the proxy's.
    """
    hops = request.headers.get("X-Forwarded-For", "").split(",")[-settings.TRUSTED_PROXY_COUNT :]
    claims = [hops[0]] if settings.TRUSTED_PROXY_COUNT else []
    for claim in (*claims, request.META.get("REMOTE_ADDR", "")):
        if address := _address(claim):
            return address
    return UNKNOWN_IP


def client_network(request: HttpRequest) -> str:
    """Return the network of the visitor's address: /24 of IPv4, /48 of IPv6. It says enough and names nobody."""
    return _network(client_ip(request))


# A request asks more than once, and a visitor comes with many requests.
@lru_cache(maxsize=1024)
def _network(address: str) -> str:
    prefix = 48 if ":" in address else 24
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False).network_address)


@lru_cache(maxsize=1024)
def _address(claim: str) -> str | None:
    """Return the IP address that a header or a connection names; None for what is none."""
    address = clean_client_ip(claim)
    return _as_ipv4(address.partition("%")[0]) if address else None


def _as_ipv4(address: str) -> str:
    """Return the IPv4 address that an IPv6 one carries. Else all who use one translator would be one network."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        if parsed in _NAT64:
            return str(ipaddress.IPv4Address(parsed.packed[-4:]))
    return address


def sign_in(request: HttpRequest, user: "User") -> HttpResponse:
    """Sign in a user who just created the account, through allauth's steps, and redirect to the dashboard."""
    return cast("HttpResponse", perform_login(request, user))
