"""Settings as production has them: headers, hashers, proxies and redirects, which the suite itself replaces."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from sharing.http.headers import PERMISSIONS_POLICY
from tests.runtime.instance import own_environment

BUCKET = f"http://127.0.0.1:{settings.BUCKET_PORT}"
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    f"img-src 'self' data: blob: {BUCKET}",
    f"media-src 'self' blob: {BUCKET}",
    f"frame-src 'self' {BUCKET}",
    "font-src 'self'",
    f"connect-src 'self' {BUCKET}",
    "worker-src 'self'",
    "manifest-src 'self'",
    f"form-action 'self' {BUCKET}",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
PRODUCTION = {"SITE_URL": "https://files.example.com", "TRUSTED_PROXY_COUNT": "1"}


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """The settings of an https instance behind one proxy."""
    return settings_of(monkeypatch, tmp_path, **PRODUCTION)


def settings_of(monkeypatch: pytest.MonkeyPatch, home: Path, **variables: str) -> dict[str, Any]:
    for name in set(os.environ) - {"PATH", "HOME"}:
        monkeypatch.delenv(name)
    for name, value in {"WAYBILL_HOME": str(home), **variables}.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(settings.BASE_DIR / "sharing" / "settings.py"))


def test_instances_that_share_a_redis_share_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    prefixes = [
        settings_of(monkeypatch, tmp_path, CACHE_URL="redis://127.0.0.1:1/0", SECRET_KEY=key)["CACHES"][
            "default"
        ]["KEY_PREFIX"]
        for key in ("one" * 20, "one" * 20, "two" * 20)
    ]
    assert prefixes[0] == prefixes[1] != prefixes[2], "machines of one instance share their keys"


def test_the_whole_content_security_policy_is_this(db: None, visitor: Client) -> None:
    answer = visitor.get("/accounts/login/")
    said = {
        " ".join(word for word in rule.split() if not word.startswith("'nonce-"))
        for rule in answer["Content-Security-Policy"].split(";")
    }
    assert said == POLICY


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/s/AAAAAAAAAAAA/", "/livez", "/api/v1/files/", "/none/"]
)
def test_every_answer_says_what_browsers_may_do_with_it(db: None, visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    if answer["Content-Type"].startswith("text/html"):
        assert answer["Permissions-Policy"] == PERMISSIONS_POLICY


def test_a_page_denies_what_it_does_not_need_and_keeps_what_it_does(db: None, visitor: Client) -> None:
    answer = visitor.get("/accounts/login/")
    for feature in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{feature}=()" in answer["Permissions-Policy"]
    for needed in ("clipboard-write", "fullscreen", "autoplay", "web-share", "picture-in-picture"):
        assert needed not in answer["Permissions-Policy"]


def test_a_page_and_the_api_are_kept_by_no_cache(alice_client: Client) -> None:
    pages = (
        "/",
        "/trash/",
        "/requests/",
        "/accounts/profile/",
        "/none/",
        "/api/v1/files/",
        "/api/v1/openapi.json",
    )
    for path in pages:
        assert "no-store" in alice_client.get(path)["Cache-Control"], path


def test_what_may_be_kept_says_so_itself(db: None, visitor: Client) -> None:
    answer = visitor.get(reverse("collector"))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-cache")


def test_passwords_are_hashed_by_argon2(production: dict[str, Any]) -> None:
    assert production["PASSWORD_HASHERS"][0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_a_proxy_that_speaks_https_is_believed_and_cookies_are_secure(production: dict[str, Any]) -> None:
    assert production["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert production["SECURE_SSL_REDIRECT"]
    assert production["SESSION_COOKIE_SECURE"]
    assert production["CSRF_COOKIE_SECURE"]
    assert production["SESSION_COOKIE_NAME"].startswith("__Host-")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_allauth_believes_as_many_proxies(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, count: int
) -> None:
    told = settings_of(monkeypatch, tmp_path, TRUSTED_PROXY_COUNT=str(count))
    assert told["TRUSTED_PROXY_COUNT"] == told["ALLAUTH_TRUSTED_PROXY_COUNT"] == count


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "max-age=31536000; includeSubDomains"),
        ({"HSTS_PRELOAD": "true"}, "max-age=31536000; includeSubDomains; preload"),
        ({"HSTS_INCLUDE_SUBDOMAINS": "false"}, "max-age=31536000"),
    ],
)
def test_https_is_answered_with_hsts_and_http_redirected(
    tmp_path: Path, variables: dict[str, str], said: str
) -> None:
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "client = Client(SERVER_NAME='files.example.com')\n"
        "answer = client.get('/livez', headers={'X-Forwarded-Proto': 'https'})\n"
        "print(answer.status_code, answer['Strict-Transport-Security'])\n"
        "page = client.get('/robots.txt', headers={'X-Forwarded-Proto': 'https'})\n"
        "print(page.status_code, client.get('/robots.txt')['Location'])\n"
    )
    environment = own_environment(
        tmp_path, **PRODUCTION, **variables, DJANGO_SETTINGS_MODULE="sharing.settings"
    )
    (tmp_path / "static").mkdir()
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines() == [f"200 {said}", "200 https://files.example.com/robots.txt"]
