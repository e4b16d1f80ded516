"""Cookies that only this instance can make. What is signed with one salt is worthless with another."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

# In the query of the page to which a visitor is sent with a new cookie. Without it there, the browser keeps none.
JUST_OPENED = "opened"


@dataclass(frozen=True)
class SignedCookie:
    """A cookie of this name, which a browser keeps for `life`, and which is read for no longer."""

    name: str
    life: timedelta

    def read(self, request: HttpRequest, *, salt: str) -> str | None:
        """Return the value that was signed with this salt; None without one, or once it is too old."""
        cookie = request.COOKIES.get(self.name)
        if cookie is None:
            return None
        try:
            return TimestampSigner(salt=salt).unsign(cookie, max_age=self.life)
        except BadSignature:
            return None

    def write(self, response: HttpResponse, value: str, *, salt: str, path: str = "/") -> None:
        """Have the browser send the value, signed with this salt, to `path` and what is below it."""
        response.set_cookie(
            self.name,
            TimestampSigner(salt=salt).sign(value),
            max_age=self.life,
            path=path,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
