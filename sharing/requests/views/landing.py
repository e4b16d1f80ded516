"""The page at a request's address. GET changes nothing; POST makes the visitor a guest."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sharing.addresses.errors import WrongPassword
from sharing.addresses.views import LOCKED_STATUS, form_status
from sharing.files.models import Upload
from sharing.listing import Listing, containing
from sharing.rate_limits import RateLimitExceeded
from sharing.requests.errors import RequestLocked
from sharing.requests.forms import GuestForm
from sharing.requests.gate import Admission, RequestGate, remember_browser
from sharing.requests.models import FileRequest, Guest
from sharing.requests.views.gated import gated
from sharing.signed_cookies import JUST_OPENED
from sharing.storage.plan import DEFAULT_PART_SIZE

ORDERS = {"newest": ("-created_at", "-pk")}
search_uploads = containing("file__name", "file__path")


@require_http_methods(["GET", "HEAD", "POST"])
@gated
def landing(gate: RequestGate) -> HttpResponse:
    """Show the request, or take what a visitor says of themselves. A GET by an outdated slug is redirected."""
    form = gate.form()
    if gate.request.method == "POST" and gate.asks_who and form.is_valid():
        return _admit(gate, form)
    return _page(gate, form, status=form_status(form))


def _admit(gate: RequestGate, form: GuestForm) -> HttpResponse:
    try:
        guest = gate.register_guest(form)
    except WrongPassword:
        form.add_error("password", _("Wrong password. Passwords are case-sensitive."))
        return _page(gate, form, status=LOCKED_STATUS)
    except RateLimitExceeded as error:
        answer = _page(gate, form, status=HTTPStatus.TOO_MANY_REQUESTS, minutes=error.minutes)
        answer["Retry-After"] = str(error.retry_after)
        return answer
    answer = redirect(f"{guest.request.path}?{JUST_OPENED}")
    remember_browser(answer, guest.browser)
    return answer


def _page(gate: RequestGate, form: GuestForm, *, status: int, minutes: int = 0) -> HttpResponse:
    """Return the request's page. A locked one tells its owner's name and whether it takes anything, nothing else.

    `minutes` is how long somebody has to wait who tried too often.
    """
    asking = {"form": form, "minutes": minutes, "keeps_no_cookie": gate.was_just_opened}
    try:
        admission = gate.enter()
    except RequestLocked:
        return _closed_page(gate, asking, status=LOCKED_STATUS if status == HTTPStatus.OK else status)
    if gate.request.method != "POST" and not gate.is_at_home:
        return redirect(admission.file_request.path)
    if gate.facts.state == FileRequest.State.SUSPENDED:
        return _closed_page(gate, asking, status=status)
    return _open_page(gate.request, admission, asking, status=status)


def _closed_page(gate: RequestGate, asking: dict[str, object], *, status: int) -> HttpResponse:
    """Return the page for visitors who are not let in, from public facts alone."""
    return render(gate.request, "requests/closed.html", {"facts": gate.facts, **asking}, status=status)


def _open_page(
    request: HttpRequest, admission: Admission, asking: dict[str, object], *, status: int
) -> HttpResponse:
    guest = admission.guest
    context = {
        "file_request": admission.file_request,
        "state": admission.file_request.state,
        "guest": guest,
        "may_send": admission.may_send,
        "sent": _sent(request, guest) if guest else None,
        "form_limit": DEFAULT_PART_SIZE,
        **asking,
    }
    return render(request, "requests/open.html", context, status=status)


def _sent(request: HttpRequest, guest: Guest) -> Listing:
    uploads = Upload.objects.of(guest).filter(file__deleted_at=None)
    return Listing(request, "sent", uploads, orders=ORDERS, search=search_uploads)
