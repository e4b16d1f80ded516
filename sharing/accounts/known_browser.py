"""Browsers in which an account was signed in before: wrong passwords typed elsewhere do not lock them out.

The device cookies of OWASP's "Slow down online guessing attacks": each such browser has a rate limit of its own.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE_LIFE = timedelta(days=180)
# So many accounts may share a browser; of more, those that signed in last are known.
ACCOUNTS_KEPT = 10
_SALT = "sharing.accounts.known_browser"


def known_browser(request: HttpRequest, email: str) -> str | None:
    """Return the id of a browser in which the account of that address was signed in before; None for any other."""
    cookie = _cookie(request)
    return str(cookie["browser"]) if _account(email) in cookie["accounts"] else None


def remember_browser(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Have the browser show from now on that the account of that address was signed in here."""
    cookie = _cookie(request)
    others = [account for account in cookie["accounts"] if account != _account(email)]
    cookie["accounts"] = [*others, _account(email)][-ACCOUNTS_KEPT:]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps(cookie, salt=_SALT),
        max_age=COOKIE_LIFE,
        path="/accounts/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _cookie(request: HttpRequest) -> dict[str, Any]:
    value = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        cookie: dict[str, Any] = signing.loads(value, salt=_SALT, max_age=COOKIE_LIFE)
    except signing.BadSignature:
        return {"browser": secrets.token_urlsafe(16), "accounts": []}
    return cookie


def _account(email: str) -> str:
    """The cookie names no address: somebody else may look at the browser."""
    return salted_hmac(_SALT, email.lower(), algorithm="sha256").hexdigest()[:20]
