"""The cookie by which a browser that has typed a link's password or code is let in again."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from sharing.links.models import Link

COOKIE = "waybill-key"
COOKIE_LIFE = timedelta(days=1)
# In the address to which whoever was let in is sent: who comes there without the cookie has a browser that keeps none.
JUST_OPENED = "opened"


def has_key(request: HttpRequest, link: Link) -> bool:
    """True if the browser has typed what this link asks for, or the link asks for nothing."""
    if not link.is_locked:
        return True
    if link.asks_for_code and link.recipient is None:
        return False  # no code leads to the plain address, whatever was typed there before one was asked for
    try:
        _signer(link).unsign(request.COOKIES.get(COOKIE, ""), max_age=COOKIE_LIFE)
    except BadSignature:
        return False
    return True


def give_key(response: HttpResponse, link: Link, *, path: str) -> None:
    """Have the browser keep the key, for this link alone and until the password is another."""
    response.set_cookie(
        COOKIE,
        _signer(link).sign("open"),
        max_age=COOKIE_LIFE,
        path=path,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _signer(link: Link) -> TimestampSigner:
    """For one link and one password: a hash has its own salt, so that even the same password set anew differs.

    Where a code is asked for, the key is the recipient's alone.
    """
    holder = link.recipient.public_id if link.asks_for_code and link.recipient else ""
    return TimestampSigner(salt=f"sharing.links.gate.{link.public_id}.{link.password}.{holder}")
