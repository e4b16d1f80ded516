"""Parse the values of environment variables. Each parser raises ValueError with a clause that says what is wrong."""

import re
from datetime import datetime
from email.utils import parseaddr
from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from pydantic import BeforeValidator
from pydantic_settings import NoDecode

_UNITS = {"": 1, "B": 1} | {
    f"{prefix}{suffix}": base**power
    for power, prefix in enumerate("KMGT", start=1)
    for suffix, base in (("B", 1000), ("iB", 1024))
}


# Characters of a site's name.
MAX_SITE_NAME = 40

# libpq's (https://www.postgresql.org/docs/current/libpq-connect.html): seconds for a connection, milliseconds for what
# was sent to be acknowledged, and seconds after which a server that says nothing is asked whether it is there.
_POSTGRES_LIMITS = {
    "connect_timeout": 2,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    # Milliseconds for a lock that somebody else holds. Compiling a page's queries takes longer than running them.
    "options": "-c lock_timeout=5000 -c jit=off",
}


def words(value: str) -> tuple[str, ...]:
    """Return the words of a list separated by commas or spaces."""
    return tuple(value.replace(",", " ").split())


def whole_number(value: str | int, *, minimum: int = 0, maximum: int | None = None) -> int:
    if not re.fullmatch(r"-?\d{1,18}", str(value)):
        raise ValueError(f"{value!r} is not a whole number")
    number = int(value)
    if number < minimum or (maximum is not None and number > maximum):
        limits = f"at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
        raise ValueError(f"{number} is not {limits}")
    return number


def boolean(value: str | bool) -> bool:
    word = str(value).lower()
    if word not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
        raise ValueError(f"{word!r} is neither true nor false")
    return word in {"true", "1", "yes", "on"}


def size(value: str) -> int:
    """Return the bytes of a size such as `500MB` (decimal) or `5TiB` (binary)."""
    match = re.fullmatch(r"(\d+)\s*([KMGT]i?B|B)?", value)
    if not match:
        raise ValueError(f"{value!r} is not a size such as 500MB, 20GiB or 1000000")
    factor: int = _UNITS[match[2] or ""]
    return int(match[1]) * factor


def moment(value: str | None) -> datetime | None:
    """Return a date and time with its zone, such as 2026-11-30T12:00:00Z (ISO 8601)."""
    if value is None:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is not a moment such as 2026-11-30T12:00:00Z") from error
    if parsed.tzinfo is None:
        raise ValueError(f"{value!r} does not say in which time zone: end it with Z for UTC")
    return parsed


def origin_url(value: str) -> str:
    """Return an http(s) address without path or query, and without a slash at its end."""
    value = value.rstrip("/")
    if not value:
        return ""
    parts = urlsplit(value)
    try:
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        port_is_right = False
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_right:
        raise ValueError(f"{value!r} is not an address such as https://files.example.com")
    if parts.path or parts.query or parts.fragment or parts.username:
        raise ValueError(f"{value!r} must end after its host and port")
    return value


def web_url(value: str) -> str:
    """Return the http(s) address of a page, or ""."""
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", value)):
        raise ValueError(f"{value!r} is not an address such as https://example.com/imprint")
    return value


def site_name(value: str) -> str:
    """Return a name of one line that fits the head of a page."""
    if not 0 < len(value) <= MAX_SITE_NAME or not value.isprintable():
        raise ValueError(f"write a name of 1 to {MAX_SITE_NAME} characters")
    return value


def colour(value: str) -> str:
    """Return a colour as #rrggbb in lower case, or ""."""
    if value and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(f"{value!r} is not a colour such as #1d4ed8")
    return value.lower()


def bucket_name(value: str) -> str:
    """Return a bucket's name: by S3's rules 3 to 63 lower-case letters, digits, dots and hyphens."""
    if value and not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value):
        raise ValueError(f"{value!r} is not a bucket's name (3 to 63 of a-z, 0-9, dot and hyphen)")
    return value


def mail_sender(value: str) -> str:
    """Return a mail address with or without a display name."""
    if "@" not in parseaddr(value)[1]:
        raise ValueError("write it as Waybill <waybill@example.com>")
    return value


def database(url: str) -> dict[str, Any]:
    """Return the DATABASES entry of a `postgres://user:password@host:port/name` or `sqlite:///path` URL."""
    scheme = urlsplit(url).scheme
    config: dict[str, Any] = environ.Env.db_url_config(url)  # type: ignore[no-untyped-call]
    if scheme == "sqlite":
        config["ENGINE"] = "sharing.sqlite"
        # Seconds for which a thread keeps its connection: to open one takes as long as a page's queries, and whoever
        # closes the last one writes the log back. No longer, so that a file that replaces it is soon read.
        config["CONN_MAX_AGE"] = 60
        # WAL lets readers read while one writes; IMMEDIATE makes writers queue instead of failing half-way.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    elif scheme in {"postgres", "postgresql"}:
        if not config["NAME"]:
            raise ValueError("it names no database, as in postgres://user:password@host:5432/waybill")
        config["ENGINE"] = "sharing.postgresql"
        # A connection a thread, looked at before each request: after a restart of the server nobody gets a dead one.
        config["CONN_MAX_AGE"] = None
        config["CONN_HEALTH_CHECKS"] = True
        config["OPTIONS"] = {**_POSTGRES_LIMITS, **config.get("OPTIONS", {})}
    else:
        raise ValueError(f"{scheme or url!r} is not a database Waybill knows; use postgres:// or sqlite://")
    return config


def cache(url: str) -> dict[str, Any]:
    """Return the CACHES entry of a `redis://`, `valkey://` or `dbcache://table` URL.

    Refuses a cache that each process has for itself, since it holds the rate limits.
    """
    scheme = urlsplit(url).scheme
    if scheme not in {"dbcache", "redis", "rediss", "valkey", "valkeys"}:
        raise ValueError(
            f"{scheme or url!r} is not a cache that processes can share; use redis://host:6379/0"
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


def mailer(url: str | None) -> dict[str, Any] | None:
    """Return the MAILERS entry of an `smtp://`, `smtp+tls://` or `smtps://` URL."""
    if url is None:
        return None
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    try:
        port = parts.port or ports[parts.scheme]
    except (KeyError, ValueError) as error:
        raise ValueError(
            "it is not an address such as smtp+tls://user:password@mail.example.com:587"
        ) from error
    if not parts.hostname:
        raise ValueError("it names no host")
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


def between(minimum: int, maximum: int | None = None) -> BeforeValidator:
    return BeforeValidator(partial(whole_number, minimum=minimum, maximum=maximum))


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(words)]
Port = Annotated[int, between(1, 65535)]
Boolean = Annotated[bool, BeforeValidator(boolean)]
Size = Annotated[int, BeforeValidator(size)]
Moment = Annotated[datetime | None, BeforeValidator(moment)]
OriginURL = Annotated[str, BeforeValidator(origin_url)]
WebURL = Annotated[str, BeforeValidator(web_url)]
Colour = Annotated[str, BeforeValidator(colour)]
SiteName = Annotated[str, BeforeValidator(site_name)]
BucketName = Annotated[str, BeforeValidator(bucket_name)]
MailSender = Annotated[str, BeforeValidator(mail_sender)]
DatabaseURL = Annotated[dict[str, Any], NoDecode, BeforeValidator(database)]
CacheURL = Annotated[dict[str, Any], NoDecode, BeforeValidator(cache)]
MailURL = Annotated[dict[str, Any] | None, NoDecode, BeforeValidator(mailer)]
