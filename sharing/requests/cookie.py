"""How a guest's browser is known again: a signed cookie that opens nothing but what this browser itself has sent."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

COOKIE = "waybill-guest"
COOKIE_LIFE = timedelta(days=30)
_SIGNER_SALT = "sharing.requests.cookie"


def browser_of(request: HttpRequest) -> UUID | None:
    """None for a browser that we have not seen, or whose cookie nobody signed."""
    try:
        value = TimestampSigner(salt=_SIGNER_SALT).unsign(
            request.COOKIES.get(COOKIE, ""), max_age=COOKIE_LIFE
        )
        return UUID(value)
    except (BadSignature, ValueError):
        return None


def remember(response: HttpResponse, browser: UUID) -> None:
    """Have the browser keep who it is, at the pages of requests and at their API alike."""
    response.set_cookie(
        COOKIE,
        TimestampSigner(salt=_SIGNER_SALT).sign(str(browser)),
        max_age=COOKIE_LIFE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
