"""Authenticates senders: users into their own bucket, and guests by somebody's request for files."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.security import APIKeyCookie

from sharing.accounts.http import signed_in_user
from sharing.api.problems import declared
from sharing.files.models import OwnerSender, Sender
from sharing.http.waiting import is_marked
from sharing.requests.errors import RequestLocked
from sharing.requests.gate import GUEST_COOKIE, browser_of
from sharing.requests.models import FileRequest, Guest


class GuestAuth(APIKeyCookie):
    """Finds the request by the token in the path, and the guest by their signed cookie.

    Browsers send a cookie with forged requests, too, so that the CSRF token is required as with a session.
    """

    param_name = GUEST_COOKIE.name

    def authenticate(self, request: HttpRequest, key: str | None) -> Guest | None:
        try:
            file_request = FileRequest.objects.by_token(request.resolver_match.kwargs["token"])  # type: ignore[union-attr]
        except FileRequest.DoesNotExist as error:
            raise Http404 from error
        browser = browser_of(request)
        if browser is None or not file_request.owner.is_active:
            return None
        guest = (
            Guest.objects.select_related("request__owner")
            .filter(request=file_request, browser=browser)
            .first()
        )
        if guest and not guest.is_admitted:
            raise RequestLocked(
                _(
                    "This request now has a password. What you have uploaded is kept. Reload the page and enter the "
                    "password."
                )
            )
        return guest


def sender_of(request: HttpRequest) -> Sender:
    """Return the guest whom GuestAuth has found, or the user who is signed in."""
    auth: Any = getattr(request, "auth", None)
    return auth if isinstance(auth, Guest) else OwnerSender(signed_in_user(request))


class SenderRouter:
    """Routes each operation twice: for owners, and below a request's token for its guests.

    `name` is the operation's id in the schema, `refusals` are the problems it may be answered with. Guests may be
    answered with 404 and 409 to any of them.
    """

    def __init__(self, *, tag: str) -> None:
        self.for_owners = Router(tags=[tag])
        self.for_guests = Router(auth=GuestAuth(), tags=[tag])
        # The names of the routes whose operations wait for the bucket: ninja's own views do not say.
        self.waiting_names: set[str] = set()

    def get[View: Callable[..., Any]](
        self, path: str, *, name: str, response: Any, refusals: tuple[int, ...] = ()
    ) -> Callable[[View], View]:
        return self._route("GET", path, name, response, refusals)

    def post[View: Callable[..., Any]](
        self, path: str, *, name: str, response: Any, refusals: tuple[int, ...] = ()
    ) -> Callable[[View], View]:
        return self._route("POST", path, name, response, refusals)

    def delete[View: Callable[..., Any]](
        self, path: str, *, name: str, response: Any, refusals: tuple[int, ...] = ()
    ) -> Callable[[View], View]:
        return self._route("DELETE", path, name, response, refusals)

    def _route[View: Callable[..., Any]](
        self, method: str, path: str, name: str, response: Any, refusals: tuple[int, ...]
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            self.for_owners.api_operation(
                [method], path, response=response, operation_id=name, openapi_extra=declared(*refusals)
            )(view)
            self.for_guests.api_operation(
                [method],
                path,
                response=response,
                operation_id=f"guest_{name}",
                openapi_extra=declared(404, 409, *refusals),
            )(view)
            if is_marked(view):
                self.waiting_names.add(view.__name__)
            return view

        return register
