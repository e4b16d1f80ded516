"""The gate of a request: whatever its address leads to asks here whether this browser may see what is asked for."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Self
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sharing import rate_limits, tokens
from sharing.accounts.http import client_network
from sharing.rate_limits import consume
from sharing.requests.errors import RequestLocked
from sharing.requests.forms import GuestForm
from sharing.requests.models import FileRequest, Guest
from sharing.signed_cookies import JUST_OPENED, SignedCookie

# Names a guest's browser, at the pages of requests and at their API alike.
GUEST_COOKIE = SignedCookie("waybill-guest", timedelta(days=30))
_COOKIE_SALT = "sharing.requests.cookie"
# What an Admission is made with, and nobody but the gate has.
_SEAL = object()


@dataclass(frozen=True)
class PublicFacts:
    """What anybody may read who has the address: plain values, and nothing of what is asked for."""

    owner: str
    state: str

    @classmethod
    def of(cls, file_request: FileRequest) -> Self:
        return cls(owner=file_request.owner.display_name, state=file_request.state.value)


class Admission:
    """That the gate has let this browser in. What draws a request takes one; only a RequestGate makes one.

    `guest` is None where no password is asked for and nobody has said yet who they are.
    """

    def __init__(self, file_request: FileRequest, guest: Guest | None, *, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("Only the gate admits.")
        self.file_request = file_request
        self.guest = guest

    @property
    def may_send(self) -> bool:
        """True if something can be sent: what is on its way may arrive, whether anything new is taken or not."""
        return self.guest is not None and (self.file_request.is_open or self.guest.unfinished().exists())


class RequestGate:
    """One HTTP request to `/r/<address>/…`, where the address is a token, perhaps with a readable part before it."""

    def __init__(self, request: HttpRequest, address: str) -> None:
        """Takes two queries at most. Raises FileRequest.DoesNotExist."""
        self.request = request
        self.address = address
        self._asked = FileRequest.objects.by_token(tokens.without_slug(address))

    @cached_property
    def facts(self) -> PublicFacts:
        """What may be told to who is not let in."""
        return PublicFacts.of(self._asked)

    @property
    def path(self) -> str:
        """The page's path as the visitor has it: a locked request does not tell its readable part."""
        return reverse("request_landing", args=[self.address])

    @property
    def is_at_home(self) -> bool:
        """True if the address is the one that the request has now, and nothing of the way in is left in it."""
        return self.address == self._asked.address and not (self._guest and self.was_just_opened)

    @property
    def was_just_opened(self) -> bool:
        """True if this browser said just now who its user is."""
        return JUST_OPENED in self.request.GET

    def enter(self) -> Admission:
        """Admission to the page. Raises RequestLocked where its password has not been typed."""
        if self._asked.password and not (self._guest and self._guest.is_admitted):
            raise RequestLocked("This request asks for its password.")
        return Admission(self._asked, self._guest, seal=_SEAL)

    @property
    def asks_who(self) -> bool:
        """True if the request is open and something is still to be said or typed."""
        return self._asked.is_open and not (self._guest and self._guest.is_admitted)

    def form(self) -> GuestForm:
        """What is still to be said, bound to what was typed, if something was."""
        typed = self.request.POST if self.request.method == "POST" else None
        return GuestForm(self._asked, self._guest, typed)

    def welcome(self, form: GuestForm) -> Guest:
        """Let in whoever typed this valid form. Raises WrongPassword, RateLimitExceeded."""
        network = client_network(self.request)
        if self._asked.password:
            self._asked.try_password(form.cleaned_data["password"], network=network)
        guest = self._guest
        if not guest:
            consume(rate_limits.NEW_GUESTS, self._asked.public_id, network)
            browser = browser_of(self.request) or uuid4()
            guest, _ = Guest.objects.get_or_create(request=self._asked, browser=browser, defaults=form.said)
        guest.admit_with(self._asked.password)
        return guest

    @cached_property
    def _guest(self) -> Guest | None:
        """Who this browser is at this request. None for one that has not said it yet."""
        browser = browser_of(self.request)
        guest = Guest.objects.filter(request=self._asked, browser=browser).first() if browser else None
        if guest:
            guest.request = self._asked
        return guest


def browser_of(request: HttpRequest) -> UUID | None:
    """Return the id of a guest's browser; None for one that was not seen before, or whose cookie nobody signed."""
    value = GUEST_COOKIE.read(request, salt=_COOKIE_SALT)
    try:
        return UUID(value) if value else None
    except ValueError:
        return None


def remember_browser(response: HttpResponse, browser: UUID) -> None:
    """Have the browser keep its id. It opens nothing but what this browser itself has sent."""
    GUEST_COOKIE.write(response, str(browser), salt=_COOKIE_SALT)
