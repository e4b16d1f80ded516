"""Who sends by the API: a user into their own bucket, or a guest by somebody's request for files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from ninja.security import APIKeyCookie

from sharing.accounts.http import signed_in_user
from sharing.accounts.models import User
from sharing.files.models import File, Upload, UploadSpec
from sharing.requests.errors import RequestLocked
from sharing.requests.gate import GUEST_COOKIE, browser_of
from sharing.requests.models import FileRequest, Guest


class GuestAuth(APIKeyCookie):
    """The token in the path says which request, the guest's signed cookie who: one guest never meets another's.

    A cookie comes with forged requests, too, so that the CSRF token is asked for as of a session.
    """

    param_name = GUEST_COOKIE.name

    def authenticate(self, request: HttpRequest, key: str | None) -> Guest | None:
        try:
            asked = FileRequest.objects.by_token(request.resolver_match.kwargs["token"])  # type: ignore[union-attr]
        except FileRequest.DoesNotExist as error:
            raise Http404 from error
        browser = browser_of(request)
        if browser is None or not asked.owner.is_active:
            return None
        guest = Guest.objects.select_related("request__owner").filter(request=asked, browser=browser).first()
        if guest and not guest.is_admitted:
            raise RequestLocked(
                "This request asks for its password now. What has arrived is kept: reload the page and type it."
            )
        return guest


@dataclass(frozen=True)
class Own:
    """A user who sends for themselves."""

    actor: User

    def uploads(self) -> models.QuerySet[Upload]:
        return Upload.objects.owned_by(self.actor)

    def start_all(self, specs: Sequence[UploadSpec]) -> Sequence[Upload | Exception]:
        return Upload.objects.start_all(owner=self.actor, specs=specs)

    def pictures(self) -> models.QuerySet[File]:
        """Files of which they may send thumbnails."""
        return self.actor.files.ready()

    def unfinished(self) -> models.QuerySet[Upload]:
        """What a guest is sending is the guest's to go on with."""
        return self.uploads().filter(state=Upload.State.OPEN, delivery=None)


def sender_of(request: HttpRequest) -> Own | Guest:
    auth: Any = getattr(request, "auth", None)
    return auth if isinstance(auth, Guest) else Own(signed_in_user(request))


def key_of(sender: Own | Guest) -> str:
    """What tells this sender from all others."""
    return f"guest-{sender.pk}" if isinstance(sender, Guest) else f"user-{sender.actor.pk}"
