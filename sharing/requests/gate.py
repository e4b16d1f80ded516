"""The gate of a request. Every view behind its address asks here whether this browser is admitted."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Self
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from sharing import rate_limits, tokens
from sharing.accounts.http import client_network
from sharing.files.models import Upload
from sharing.rate_limits import consume
from sharing.requests.errors import RequestLocked
from sharing.requests.forms import GuestForm
from sharing.requests.models import FileRequest, Guest
from sharing.signed_cookies import JUST_OPENED, SignedCookie

# Names a guest's browser, at the pages of requests and at their API alike.
GUEST_COOKIE = SignedCookie("waybill-guest", timedelta(days=30))
_COOKIE_SALT = "sharing.requests.cookie"
# Passed to an Admission; only the gate has it, so nobody else can make one.
_SEAL = object()


@dataclass(frozen=True)
class PublicFacts:
    """Values that anybody who has the address may read. None tells which files are asked for."""

    owner: str
    state: str

    @classmethod
    def of(cls, file_request: FileRequest) -> Self:
        return cls(owner=file_request.owner.display_name, state=file_request.state.value)


class Admission:
    """Proof that the gate has admitted this browser. Views that show a request require it; only a RequestGate makes it.

    `guest` is None where no password is asked for and nobody has said yet who they are.
    """

    def __init__(self, file_request: FileRequest, guest: Guest | None, *, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("Only the gate admits.")
        self.file_request = file_request
        self.guest = guest

    @property
    def may_send(self) -> bool:
        """Return True if files can be sent. Unfinished uploads may go on after the request is closed."""
        return self.guest is not None and (
            self.file_request.takes_files or Upload.objects.unfinished(self.guest).exists()
        )


class RequestGate:
    """The gate for one HTTP request to `/r/<address>/…`, where the address is a token, perhaps after a slug."""

    def __init__(self, request: HttpRequest, address: str) -> None:
        """Takes two queries at most. Raises FileRequest.DoesNotExist."""
        self.request = request
        self.address = address
        self._file_request = FileRequest.objects.by_token(tokens.without_slug(address))

    @cached_property
    def facts(self) -> PublicFacts:
        """Return the values for visitors who are not admitted."""
        return PublicFacts.of(self._file_request)

    @property
    def path(self) -> str:
        """Return the page's path by the visitor's own address: a locked request does not tell its slug."""
        return reverse("request_landing", args=[self.address])

    @property
    def is_at_home(self) -> bool:
        """Return True if this is the request's present URL, so that nothing is to be redirected."""
        return self.address == self._file_request.address and not (self._guest and self.was_just_opened)

    @property
    def was_just_opened(self) -> bool:
        """Return True if this browser was redirected here after it was let in."""
        return JUST_OPENED in self.request.GET

    def enter(self) -> Admission:
        """Return admission to the page. Raises RequestLocked if its password has not been typed."""
        if self._file_request.password and not (self._guest and self._guest.is_admitted):
            raise RequestLocked(_("This request needs its password."))
        return Admission(self._file_request, self._guest, seal=_SEAL)

    @property
    def asks_who(self) -> bool:
        """Return True if the request takes files and the guest still has something to fill in."""
        return self._file_request.takes_files and not (self._guest and self._guest.is_admitted)

    def form(self) -> GuestForm:
        """Return the form of what is still to be filled in, bound in a POST."""
        typed = self.request.POST if self.request.method == "POST" else None
        return GuestForm(self._file_request, self._guest, typed)

    def register_guest(self, form: GuestForm) -> Guest:
        """Return the guest who sent this valid form, now admitted. Raises WrongPassword, RateLimitExceeded."""
        network = client_network(self.request)
        if self._file_request.password:
            self._file_request.try_password(form.cleaned_data["password"], network=network)
        guest = self._guest
        if not guest:
            consume(rate_limits.NEW_GUESTS, self._file_request.public_id, network)
            browser = browser_of(self.request) or uuid4()
            guest, _ = Guest.objects.get_or_create(
                request=self._file_request, browser=browser, defaults=form.said
            )
        guest.admit_with(self._file_request.password)
        return guest

    @cached_property
    def _guest(self) -> Guest | None:
        """Return the guest of this browser, or None for a new one."""
        browser = browser_of(self.request)
        guest = Guest.objects.filter(request=self._file_request, browser=browser).first() if browser else None
        if guest:
            guest.request = self._file_request
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
