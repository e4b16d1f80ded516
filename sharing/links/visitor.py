"""A visitor: nobody we know, but recognised for as long as a broken download may be tried again."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.http import HttpRequest, HttpResponse

from sharing.accounts.http import client_network
from sharing.characters import cut
from sharing.signed_cookies import SignedCookie

COOKIE = SignedCookie("waybill-visitor", timedelta(days=1))
USER_AGENT_KEPT = 300


@dataclass(frozen=True)
class Visitor:
    """`id` is 128 random bits in base64url, chosen here and signed for one token: nobody can agree on one."""

    id: str
    token: str
    network: str = ""
    user_agent: str = ""

    @classmethod
    def of(cls, request: HttpRequest, token: str) -> Self:
        """Return the visitor of the cookie that was signed for this token, or a new one."""
        return cls(
            id=COOKIE.read(request, salt=_salt(token)) or secrets.token_urlsafe(16),
            token=token,
            network=client_network(request),
            user_agent=cut(request.headers.get("User-Agent", ""), USER_AGENT_KEPT),
        )

    def stay_known(self, response: HttpResponse, *, path: str) -> None:
        """Set the cookie for `path`. Only for visitors who download what is limited."""
        COOKIE.write(response, self.id, salt=_salt(self.token), path=path)


def _salt(token: str) -> str:
    return f"sharing.links.visitor.{token}"
