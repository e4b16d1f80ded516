"""The environment variables of an instance: each with its type, its default and its line in the README's table.

`python -m sharing.environment` prints that table.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from sharing.environment_values import (
    Boolean,
    BucketName,
    CacheURL,
    Colour,
    DatabaseURL,
    MailSender,
    MailURL,
    Moment,
    OriginURL,
    Port,
    SiteName,
    Size,
    WebURL,
    Words,
    between,
)
from sharing.home import Home

AddressingStyle = Literal["auto", "path", "virtual"]
_FOLDER = Path(__file__).resolve().parent.parent


class MissingVariable(ValueError):
    """A variable has to be set because another one is."""

    def __init__(self, name: str, because: str) -> None:
        super().__init__(f"{name} is missing: {because}.")


def variable(default: Any, meaning: str, *, shown: str | None = None, is_secret: bool = False) -> Any:
    """Declare a variable. `default` may be a function of the variables above it, and is `shown` so in the table."""
    given: dict[str, Any] = {"default_factory" if callable(default) else "default": default}
    return Field(**given, description=meaning, json_schema_extra={"shown": shown}, repr=not is_secret)


class Environment(BaseSettings):
    """The variables of the environment, read once at the start. An empty variable is as good as none."""

    PORT: Port = variable(8000, "where the app listens, on 127.0.0.1")
    BUCKET_PORT: Port = variable(8333, "where the embedded bucket listens, on 127.0.0.1")
    WAYBILL_HOME: Annotated[Path, AfterValidator(lambda path: path.resolve())] = variable(
        _FOLDER / "var",
        "database, bucket data, outbox, generated secrets: one folder to back up",
        shown="`var/`",
    )
    SITE_URL: OriginURL = variable(
        lambda given: f"http://localhost:{given['PORT']}",
        "the address people use. With `https://`, cookies are secure, HSTS is sent and a TLS proxy in front is expected"
        " to send `X-Forwarded-Proto`",
        shown="`http://localhost:$PORT`",
    )
    ALLOWED_HOSTS: Words = variable(
        "",
        "further host names by which the app may be called; browsers there may upload, too: the bucket's CORS rules"
        " name them at each start",
    )
    TRUSTED_PROXY_COUNT: Annotated[int, between(0, 10)] = variable(
        0,
        "how many proxies in front may be believed about a visitor's address. With an `https://` address it is 1 or"
        " more: at 0 all visitors share one rate limit, and each start warns about it",
    )
    HSTS_INCLUDE_SUBDOMAINS: Boolean = variable(
        default=True, meaning="whether HSTS, sent with an `https://` address, covers the host's subdomains"
    )
    HSTS_PRELOAD: Boolean = variable(
        default=False, meaning="whether HSTS says that browsers may ship the whole domain as https only"
    )

    SIGNUP: Literal["closed", "invite", "open"] = variable(
        "invite",
        "who may make an account: `open`, `invite` (whom staff invite or add) or `closed` (whom staff add)",
    )
    USER_QUOTA: Size = variable(
        "100GB", "bytes a user may store, unless the admin panel says otherwise for them"
    )
    MAX_FILE_SIZE: Size = variable("5TiB", "the largest single file")
    MAILS_PER_DAY: Annotated[int, between(0)] = variable(
        500, "how many mails with links a user may have sent a day (UTC); `0` for none"
    )
    UPLOAD_EXPIRY_DAYS: Annotated[int, between(1, 365)] = variable(
        7, "after how many days an unfinished upload is dropped"
    )
    DEFAULT_EXPIRY: Literal["hour", "day", "week", "month", "none"] = variable(
        "week", "the expiry of new links, unless a user's own default says otherwise"
    )
    LONGEST_EXPIRY_DAYS: Annotated[int, between(0, 366)] = variable(
        0, "the longest expiry of links and requests, in days; `0` for none", shown="none"
    )
    LINKS_MAY_LIVE_FOREVER: Boolean = variable(
        lambda given: not given["LONGEST_EXPIRY_DAYS"],
        "whether a link may be made without an expiry",
        shown="`true`, and `false` with a longest expiry",
    )
    SITE_NAME: SiteName = variable("Waybill", "the site's name on pages and in mails")
    ACCENT_COLOUR: Colour = variable("", "the colour of buttons and marks, such as `#1d4ed8`")
    GREETING: str = variable("", "a text above the form where people sign in")
    IMPRINT_URL: WebURL = variable("", "the address of an imprint, named at the foot of pages and mails")
    PRIVACY_URL: WebURL = variable("", "the address of a privacy notice, likewise")
    ABUSE_URL: WebURL = variable("", "where abuse is reported, likewise")
    TRASH_DAYS: Annotated[int, between(0, 365)] = variable(
        7, "how many days a deleted file can be restored; 0 removes it at once"
    )
    ADDRESSES_KEPT_DAYS: Annotated[int, between(1, 3650)] = variable(
        30, "after how many days it is forgotten which network and browser a download came from"
    )

    DATABASE_URL: DatabaseURL = variable(
        lambda given: f"sqlite:///{Home(given['WAYBILL_HOME']).database}",
        "`postgres://user:password@host:5432/waybill`",
        shown="SQLite in `WAYBILL_HOME`",
        is_secret=True,
    )
    CACHE_URL: CacheURL = variable(
        "dbcache://waybill_cache",
        "`redis://host:6379/0` or `valkey://…`; rate limits live here, so all processes must share it",
        shown="a table in the database",
        is_secret=True,
    )

    S3_BUCKET: BucketName = variable("", "the bucket to use instead", shown="the embedded bucket")
    S3_ENDPOINT_URL: OriginURL = variable("", "where the app reaches the S3 service", shown="AWS's own")
    S3_PUBLIC_ENDPOINT_URL: OriginURL = variable(
        "",
        "where browsers reach it, when that is another address (behind a proxy, in a container); also for the embedded"
        " bucket",
        shown="`S3_ENDPOINT_URL`",
    )
    S3_REGION: str = variable("", "the region that signatures name", shown="`AWS_REGION`")
    S3_ADDRESSING_STYLE: AddressingStyle = variable(
        "auto", "`path`, `virtual` or `auto` (virtual on AWS, path elsewhere)"
    )
    AWS_REGION: str = variable("us-east-1", "the region for AWS's own tools; `S3_REGION` goes before it")
    AWS_ACCESS_KEY_ID: str = variable(
        "",
        "a key for the bucket, unless a role, profile or instance provides one",
        shown="boto3's own credential chain",
    )
    AWS_SECRET_ACCESS_KEY: str = variable("", "the other half of that key", is_secret=True)
    AWS_SESSION_TOKEN: str = variable("", "the token of a key that expires", is_secret=True)
    AWS_CREDENTIAL_EXPIRATION: Moment = variable(
        None,
        "when these keys expire, such as `2026-11-30T12:00:00Z`: nothing is signed for longer",
        shown="never; roles say it themselves",
    )

    EMAIL_URL: MailURL = variable(
        None,
        "`smtp://`, `smtp+tls://` or `smtps://user:password@host:port`",
        shown="`.eml` files in `WAYBILL_HOME/outbox`",
        is_secret=True,
    )
    MAIL_FROM: MailSender = variable(
        lambda given: f"Waybill <waybill@{_mail_domain(given['SITE_URL'])}>",
        "the sender of mails",
        shown="`SITE_NAME <waybill@HOST>`",
    )

    SECRET_KEY: str = variable(
        "",
        "signs sessions and links: keep it, and share it between machines",
        shown="made on first start",
        is_secret=True,
    )
    SECRET_KEY_FALLBACKS: Words = variable(
        "", "former keys whose links and sessions must go on working", is_secret=True
    )
    LOG_FORMAT: Literal["console", "json"] = variable("console", "`console` or `json`")
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = variable(
        "INFO", "`DEBUG`, `INFO`, `WARNING` or `ERROR`"
    )
    WEB_CONCURRENCY: Annotated[int, between(1, 64)] = variable(
        2, "how many web processes run, with sixteen threads each"
    )
    DEBUG: Boolean = variable(default=False, meaning="Django's debug mode; never where strangers come")

    model_config = SettingsConfigDict(case_sensitive=True, extra="ignore", frozen=True, validate_default=True)

    @field_validator("S3_ENDPOINT_URL", "S3_REGION")
    @classmethod
    def _require_bucket(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("S3_BUCKET") == "":
            raise MissingVariable("S3_BUCKET", f"{info.field_name} is set, so name the bucket to use there")
        return value

    @field_validator("AWS_SECRET_ACCESS_KEY")
    @classmethod
    def _require_both_halves(cls, secret_key: str, info: ValidationInfo) -> str:
        access_key = info.data["AWS_ACCESS_KEY_ID"]
        if info.data.get("S3_BUCKET") and bool(access_key) != bool(secret_key):
            missing = "AWS_SECRET_ACCESS_KEY" if access_key else "AWS_ACCESS_KEY_ID"
            raise MissingVariable(missing, "the other half of the key pair is set")
        return secret_key

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *others: PydanticBaseSettingsSource,
        **named_others: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, StrippedEnvironment(settings_cls)


class StrippedEnvironment(EnvSettingsSource):
    """The environment without white space around values, such as the carriage return of a file from Windows."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        value, key, is_complex = super().get_field_value(field, field_name)
        return (value.strip() or None) if isinstance(value, str) else value, key, is_complex


def read_environment(**given: Any) -> Environment:
    """Return the environment; `given` goes before it. Raises ImproperlyConfigured that names all that is wrong."""
    try:
        return Environment(**given)
    except ValidationError as error:
        raise ImproperlyConfigured("\n".join(_sentences(error))) from None


def _sentences(error: ValidationError) -> Iterator[str]:
    for detail in error.errors():
        if detail["type"] == "default_factory_not_called":
            continue  # because of a variable that has its own sentence
        why = detail["msg"]
        context = detail.get("ctx", {})
        if isinstance(context.get("error"), MissingVariable):
            yield str(context["error"])
            continue
        if detail["type"] == "literal_error":
            allowed = context["expected"].replace("'", "").replace(" or ", ", ")
            why = f"{detail['input']!r} is none of {allowed}"
        yield f"{detail['loc'][0]} is malformed: {context.get('error', why)}."


def _mail_domain(site_url: str) -> str:
    """Return the host of the site. An IPv6 address is no domain of mail."""
    host = urlsplit(site_url).hostname or ""
    return "localhost" if ":" in host else host


def table() -> str:
    """Return the README's table of variables."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Environment.model_fields.items():
        extra = field.json_schema_extra
        shown = extra["shown"] if isinstance(extra, dict) else None
        if shown is None and field.default != "":
            shown = f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
        rows.append(f"| `{name}` | {shown or ''} | {field.description} |".replace("|  |", "| |"))
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
