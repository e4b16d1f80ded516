"""The origins at which browsers reach the site."""

from collections.abc import Iterable
from urllib.parse import urlsplit


def origins(site: str, hosts: Iterable[str]) -> list[str]:
    """Return the origins of `site` at its own host and at these, as browsers write them (RFC 6454, 6.1).

    Scheme and port are those of `site`; a default port is left out. As in Django, a host that begins with a dot stands
    for all below it, too, and "*" for any: S3's CORS rules take one asterisk in an origin.
    """
    parts = urlsplit(site)
    default = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in {None, default} else f":{parts.port}"
    own = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    names = [
        name
        for host in (own, *hosts)
        for name in ((host[1:], f"*{host}") if host.startswith(".") else (host,))
    ]
    return list(dict.fromkeys(f"{parts.scheme}://{_ascii(name)}{port}" for name in names))


def _ascii(host: str) -> str:
    """Return the host as it stands in the Origin header: in lower case, and names in other scripts by IDNA."""
    try:
        return host.lower().encode("idna").decode()
    except UnicodeError:
        return host.lower()
