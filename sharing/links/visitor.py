"""Who comes for a file: nobody we know, but recognised for as long as a broken download may be tried again."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sharing.accounts.http import client_network

COOKIE = "waybill-visitor"
COOKIE_LIFE = timedelta(days=1)
_ID = re.compile(r"[A-Za-z0-9_-]{22}")
USER_AGENT_KEPT = 300


@dataclass(frozen=True)
class Visitor:
    """`id` is 128 random bits in base64url that only this browser's cookie knows; it opens nothing."""

    id: str
    network: str = ""
    user_agent: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Known by the cookie, or new."""
        known = request.COOKIES.get(COOKIE, "")
        return cls(
            id=known if _ID.fullmatch(known) else secrets.token_urlsafe(16),
            network=client_network(request),
            user_agent=request.headers.get("User-Agent", "")[:USER_AGENT_KEPT],
        )

    def stay_known(self, response: HttpResponse, *, path: str) -> None:
        """Have the browser say who it is when it comes back to `path`. Only for who downloads what is limited."""
        response.set_cookie(
            COOKIE,
            self.id,
            max_age=COOKIE_LIFE,
            path=path,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
