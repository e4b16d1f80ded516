"""Who comes for a file: nobody we know, but recognised for as long as a broken download may be tried again."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from sharing.accounts.http import client_network
from sharing.characters import cut

COOKIE = "waybill-visitor"
COOKIE_LIFE = timedelta(days=1)
USER_AGENT_KEPT = 300


@dataclass(frozen=True)
class Visitor:
    """`id` is 128 random bits in base64url, chosen here and signed for one link: nobody can agree on one."""

    id: str
    token: str
    network: str = ""
    user_agent: str = ""

    @classmethod
    def of(cls, request: HttpRequest, token: str) -> Self:
        """Known by the cookie that was signed for this token, or new."""
        try:
            known = _signer(token).unsign(request.COOKIES.get(COOKIE, ""), max_age=COOKIE_LIFE)
        except BadSignature:
            known = secrets.token_urlsafe(16)
        return cls(
            id=known,
            token=token,
            network=client_network(request),
            user_agent=cut(request.headers.get("User-Agent", ""), USER_AGENT_KEPT),
        )

    def stay_known(self, response: HttpResponse, *, path: str) -> None:
        """Have the browser say who it is when it comes back to `path`. Only for who downloads what is limited."""
        response.set_cookie(
            COOKIE,
            _signer(self.token).sign(self.id),
            max_age=COOKIE_LIFE,
            path=path,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )


def _signer(token: str) -> TimestampSigner:
    return TimestampSigner(salt=f"sharing.links.visitor.{token}")
