"""A malformed variable stops the start with a sentence that names it."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sharing.environment import read_environment, table
from tests.runtime.instance import own_environment

MALFORMED = {
    "PORT": "eighty",
    "BUCKET_PORT": "70000",
    "SITE_URL": "files.example.com",
    "DEBUG": "maybe",
    "TRUSTED_PROXY_COUNT": "-1",
    "SIGNUP": "everybody",
    "MAX_FILE_SIZE": "5 parcels",
    "USER_QUOTA": "lots",
    "UPLOAD_EXPIRY_DAYS": "0",
    "MAILS_PER_DAY": "some",
    "DATABASE_URL": "mysql://waybill@127.0.0.1/waybill",
    "CACHE_URL": "locmem://",
    "EMAIL_URL": "mail.example.com:25",
    "MAIL_FROM": "Waybill",
    "SITE_NAME": "A name that is too long for the head of a page",
    "ACCENT_COLOUR": "blue",
    "IMPRINT_URL": "javascript:alert(1)",
    "PRIVACY_URL": "example.com/privacy",
    "ABUSE_URL": "mailto:abuse@example.com",
    "LOG_FORMAT": "xml",
    "LOG_LEVEL": "LOUD",
    "S3_BUCKET": "Not A Bucket",
    "S3_PUBLIC_ENDPOINT_URL": "ftp://bucket.example.com",
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in set(os.environ) - {"PATH", "HOME"}:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WAYBILL_HOME", str(tmp_path / "home"))


def settings_from_environment() -> dict[str, object]:
    return runpy.run_path(str(settings.BASE_DIR / "sharing" / "settings.py"))


@pytest.mark.parametrize(("name", "value"), MALFORMED.items())
def test_a_malformed_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} is malformed: .+\.$"):
        settings_from_environment()


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"S3_ENDPOINT_URL": "https://s3.example.com"}, "S3_BUCKET"),
        ({"S3_REGION": "eu-central-1"}, "S3_BUCKET"),
        ({"S3_BUCKET": "parcels", "AWS_ACCESS_KEY_ID": "key"}, "AWS_SECRET_ACCESS_KEY"),
        ({"S3_BUCKET": "parcels", "AWS_SECRET_ACCESS_KEY": "secret"}, "AWS_ACCESS_KEY_ID"),
    ],
)
def test_a_missing_half_is_named(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=rf"^{missing} is missing: .+\.$"):
        settings_from_environment()


def test_all_that_is_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PORT": "eighty", "S3_REGION": "eu-central-1", "SIGNUP": "everybody"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refused:
        settings_from_environment()
    assert str(refused.value).splitlines() == [
        "PORT is malformed: 'eighty' is not a whole number.",
        "SIGNUP is malformed: 'everybody' is none of closed, invite, open.",
        "S3_BUCKET is missing: S3_REGION is set, so name the bucket to use there.",
    ]


def test_white_space_around_a_value_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", " 9000\r")
    monkeypatch.setenv("SITE_URL", " ")
    assert settings_from_environment()["SITE_URL"] == "http://localhost:9000"


def test_keys_of_another_tool_are_no_half_pair_of_the_embedded_bucket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    assert settings_from_environment()["BUCKET_PORT"] == 8333


@pytest.mark.parametrize(
    ("given", "may_live_forever"),
    [
        ({}, True),
        ({"LONGEST_EXPIRY_DAYS": "30"}, False),
        ({"LONGEST_EXPIRY_DAYS": "30", "LINKS_MAY_LIVE_FOREVER": "true"}, True),
        ({"LINKS_MAY_LIVE_FOREVER": "false"}, False),
    ],
)
def test_a_longest_expiry_alone_makes_every_link_expire(
    given: dict[str, str], may_live_forever: bool
) -> None:
    assert read_environment(**given).LINKS_MAY_LIVE_FOREVER is may_live_forever


def test_secrets_are_not_shown_with_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "hush-hush")
    monkeypatch.setenv("EMAIL_URL", "smtp://waybill:hush-hush@mail.example.com")
    monkeypatch.setenv("DATABASE_URL", "postgres://waybill:hush-hush@127.0.0.1/waybill")
    assert "hush-hush" not in repr(read_environment())


def test_the_readme_says_what_each_variable_means() -> None:
    """To mend it: .venv/bin/python -m sharing.environment prints the table."""
    assert table() in (settings.BASE_DIR / "README.md").read_text()


def test_nothing_need_be_set() -> None:
    assert settings_from_environment()["SITE_URL"] == "http://localhost:8000"


def test_the_address_follows_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    assert settings_from_environment()["SITE_URL"] == "http://localhost:9000"


def manage(*arguments: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=own_environment(home, **variables),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_ends_with_one_line_and_no_traceback(tmp_path: Path) -> None:
    ended = manage("check", home=tmp_path, PORT="eighty")
    assert ended.returncode == 1
    assert ended.stderr == "Waybill can't start: PORT is malformed: 'eighty' is not a whole number.\n"


LOOPBACK_ORIGINS = ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"]


@pytest.mark.parametrize(
    ("site", "hosts", "origins"),
    [
        ("", "", LOOPBACK_ORIGINS),
        ("", "files.lan", [*LOOPBACK_ORIGINS, "http://files.lan:8000"]),
        ("http://[::1]:8000", "", ["http://[::1]:8000", "http://localhost:8000", "http://127.0.0.1:8000"]),
        ("http://localhost", "", ["http://localhost", "http://127.0.0.1", "http://[::1]"]),
        (
            "https://localhost:8443",
            "",
            [f"https://{host}:8443" for host in ("localhost", "127.0.0.1", "[::1]")],
        ),
        ("https://Files.example.com:443", "", ["https://files.example.com"]),
        (
            "https://files.example.com",
            "other.example.com,.teams.example.com",
            [
                "https://files.example.com",
                "https://other.example.com",
                "https://teams.example.com",
                "https://*.teams.example.com",
            ],
        ),
        ("https://bücher.example", "*", ["https://xn--bcher-kva.example", "https://*"]),
        ("http://files.lan", "", ["http://files.lan", *LOOPBACK_ORIGINS]),
    ],
)
def test_browsers_may_upload_from_every_host_at_which_the_site_answers(
    monkeypatch: pytest.MonkeyPatch, site: str, hosts: str, origins: list[str]
) -> None:
    monkeypatch.setenv("SITE_URL", site)
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)
    monkeypatch.delenv("PORT", raising=False)
    assert settings_from_environment()["SITE_ORIGINS"] == origins
