"""Reads the environment once, at the edge, and fails with a sentence that names the variable."""

import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_UNITS = {"": 1, "B": 1} | {
    f"{prefix}{suffix}": base**power
    for power, prefix in enumerate("KMGT", start=1)
    for suffix, base in (("B", 1000), ("iB", 1024))
}


# libpq's (https://www.postgresql.org/docs/current/libpq-connect.html): seconds for a connection, milliseconds for what
# was sent to be acknowledged, and seconds after which a server that says nothing is asked whether it is there.
_POSTGRES_LIMITS = {
    "connect_timeout": 2,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    # Milliseconds for a lock that somebody else holds.
    "options": "-c lock_timeout=5000",
}


def malformed(name: str, why: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is malformed: {why}.")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def required(name: str, because: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is missing: {because}.")
    return value


def words(name: str) -> list[str]:
    """A list separated by commas or spaces."""
    return text(name).replace(",", " ").split()


def integer(name: str, default: int, *, minimum: int = 0, maximum: int | None = None) -> int:
    value = text(name, str(default))
    if not re.fullmatch(r"-?\d{1,18}", value):
        raise malformed(name, f"{value!r} is not a whole number")
    number = int(value)
    if number < minimum or (maximum is not None and number > maximum):
        limits = f"at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
        raise malformed(name, f"{number} is not {limits}")
    return number


def boolean(name: str, *, default: bool) -> bool:
    value = text(name, str(default)).lower()
    if value not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
        raise malformed(name, f"{value!r} is neither true nor false")
    return value in {"true", "1", "yes", "on"}


def choice[Word: str](name: str, default: Word, allowed: tuple[Word, ...]) -> Word:
    value = text(name, default)
    for word in allowed:
        if word == value:
            return word
    raise malformed(name, f"{value!r} is none of {', '.join(allowed)}")


def size(name: str, default: str) -> int:
    """A number of bytes, such as `500MB` (decimal) or `5TiB` (binary)."""
    value = text(name, default)
    match = re.fullmatch(r"(\d+)\s*([KMGT]i?B|B)?", value)
    if not match:
        raise malformed(name, f"{value!r} is not a size such as 500MB, 20GiB or 1000000")
    factor: int = _UNITS[match[2] or ""]
    return int(match[1]) * factor


def moment(name: str) -> datetime | None:
    """A date and time with its zone, such as 2026-11-30T12:00:00Z (ISO 8601); None when unset."""
    value = text(name)
    if not value:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise malformed(name, f"{value!r} is not a moment such as 2026-11-30T12:00:00Z") from error
    if parsed.tzinfo is None:
        raise malformed(name, f"{value!r} does not say in which time zone: end it with Z for UTC")
    return parsed


def origin_url(name: str, default: str) -> str:
    """An http(s) address without path or query, and without a slash at its end; "" when unset without a default."""
    value = text(name, default).rstrip("/")
    if not value:
        return ""
    parts = urlsplit(value)
    try:
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        port_is_right = False
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_right:
        raise malformed(name, f"{value!r} is not an address such as https://files.example.com")
    if parts.path or parts.query or parts.fragment or parts.username:
        raise malformed(name, f"{value!r} must end after its host and port")
    return value


def origins(site: str, hosts: Iterable[str]) -> list[str]:
    """The origins of `site` at its own host and at these, as browsers write them (RFC 6454, 6.1).

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
    """As it stands in the Origin header: in lower case, and names in other scripts by IDNA."""
    try:
        return host.lower().encode("idna").decode()
    except UnicodeError:
        return host.lower()


def bucket_name(name: str) -> str:
    """A bucket's name, by S3's rules: 3 to 63 lower-case letters, digits, dots and hyphens."""
    value = text(name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value):
        raise malformed(name, f"{value!r} is not a bucket's name (3 to 63 of a-z, 0-9, dot and hyphen)")
    return value


def database(name: str, sqlite: Path) -> dict[str, Any]:
    """The DATABASES entry of a `postgres://user:password@host:port/name` URL, or of SQLite by default."""
    url = text(name, f"sqlite:///{sqlite}")
    scheme = urlsplit(url).scheme
    try:
        config: dict[str, Any] = environ.Env.db_url_config(url)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise malformed(name, str(error)) from error
    if scheme == "sqlite":
        # WAL lets readers read while one writes; IMMEDIATE makes writers queue instead of failing half-way.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    elif scheme in {"postgres", "postgresql"}:
        if not config["NAME"]:
            raise malformed(name, "it names no database, as in postgres://user:password@host:5432/waybill")
        # A connection a thread, looked at before each request: after a restart of the server nobody gets a dead one.
        config["CONN_MAX_AGE"] = None
        config["CONN_HEALTH_CHECKS"] = True
        config["OPTIONS"] = {**_POSTGRES_LIMITS, **config.get("OPTIONS", {})}
    else:
        raise malformed(
            name, f"{scheme or url!r} is not a database Waybill knows; use postgres:// or sqlite://"
        )
    return config


def cache(name: str) -> dict[str, Any]:
    """The CACHES entry of a `redis://` or `valkey://` URL, or of a table in the database by default.

    Rate limits live here, so a cache that each process has for itself is refused.
    """
    url = text(name, "dbcache://waybill_cache")
    scheme = urlsplit(url).scheme
    if scheme not in {"dbcache", "redis", "rediss", "valkey", "valkeys"}:
        raise malformed(
            name, f"{scheme or url!r} is not a cache that processes can share; use redis://host:6379/0"
        )
    config: dict[str, Any] = environ.Env.cache_url_config(  # type: ignore[no-untyped-call]
        url.replace("valkey", "redis", 1)
    )
    if scheme == "dbcache":
        # Above Django's 300, some of them go before their time: strangers could make room for more tries.
        config["OPTIONS"] = {"MAX_ENTRIES": 10_000}
        config["BACKEND"] = "sharing.database_cache.DatabaseCache"
    else:
        config["BACKEND"] = "sharing.redis_cache.RedisCache"
    return config


def mailer(name: str, outbox: Path) -> dict[str, Any]:
    """The MAILERS entry of an `smtp://`, `smtp+tls://` or `smtps://` URL; `.eml` files by default."""
    url = text(name)
    if not url:
        return {"BACKEND": "sharing.outbox.OutboxBackend", "OPTIONS": {"folder": str(outbox)}}
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    try:
        port = parts.port or ports[parts.scheme]
    except (KeyError, ValueError) as error:
        raise malformed(
            name, "it is not an address such as smtp+tls://user:password@mail.example.com:587"
        ) from error
    if not parts.hostname:
        raise malformed(name, "it names no host")
    timeout = parse_qs(parts.query).get("timeout", ["10"])[0]
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": port,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp+tls",
            "use_ssl": parts.scheme == "smtps",
            "timeout": int(timeout) if timeout.isdigit() else 10,
        },
    }
