"""Browsers in which an account was signed in before: wrong passwords typed elsewhere do not lock them out.

The device cookies of OWASP's "Slow down online guessing attacks": each such browser has a limit of its own.
"""

import json
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from sharing.signed_cookies import SignedCookie

COOKIE_LIFE = timedelta(days=180)
# Accounts that one browser knows; of more, those that signed in last.
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
    value = signing.b64_encode(json.dumps(cookie).encode()).decode()
    _signed_cookie().write(response, value, salt=_SALT, path="/accounts/")


def _cookie(request: HttpRequest) -> dict[str, Any]:
    value = _signed_cookie().read(request, salt=_SALT)
    if value is None:
        return {"browser": secrets.token_urlsafe(16), "accounts": []}
    cookie: dict[str, Any] = json.loads(signing.b64_decode(value.encode()))
    return cookie


def _signed_cookie() -> SignedCookie:
    return SignedCookie(settings.KNOWN_BROWSER_COOKIE_NAME, COOKIE_LIFE)


def _account(email: str) -> str:
    """Return a digest of the address: somebody else may look at the browser, so the cookie names none."""
    return salted_hmac(_SALT, email.lower(), algorithm="sha256").hexdigest()[:20]
