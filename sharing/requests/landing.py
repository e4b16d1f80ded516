"""What somebody who was sent a request sees. Looking changes nothing; saying who one is makes a guest."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sharing import tokens
from sharing.links import tries
from sharing.links.errors import TooManyTries, WrongPassword
from sharing.links.visitor import Visitor
from sharing.listing import Listing
from sharing.requests.cookie import remember
from sharing.requests.forms import GuestForm
from sharing.requests.gated import guest_at, private
from sharing.requests.models import FileRequest, Guest
from sharing.storage.plan import DEFAULT_PART_SIZE

ORDERS = {"newest": ("-created_at", "-pk")}
SEARCH = ("file__name__icontains", "file__path__icontains")
# As with links: 401 would have to name one of HTTP's own schemes (RFC 9110 section 15.5.2).
_FORBIDDEN = 403
_TOO_MANY_REQUESTS = 429


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest, address: str) -> HttpResponse:
    """The address is a token, perhaps with a readable part before it; a GET with another one is redirected."""
    return private(_answer(request, address))


def _answer(request: HttpRequest, address: str) -> HttpResponse:
    try:
        asked = FileRequest.objects.by_token(tokens.without_slug(address))
    except FileRequest.DoesNotExist:
        return render(request, "links/unknown.html", status=404)
    guest = guest_at(asked, request)
    is_in = guest is not None and guest.is_admitted
    # The name of a locked one stands in its address, and is not told.
    if request.method != "POST" and address != asked.address and (is_in or not asked.password):
        return redirect(asked.path)
    form = GuestForm(asked, guest, request.POST if request.method == "POST" else None)
    if request.method == "POST" and asked.is_open and not is_in and form.is_valid():
        return _welcome(request, asked, guest, form)
    return _page(request, asked, guest, form, status=422 if form.errors else 200)


def _welcome(request: HttpRequest, asked: FileRequest, guest: Guest | None, form: GuestForm) -> HttpResponse:
    """Ten new guests of a network in a quarter of an hour, as many as may type a wrong password."""
    network = Visitor.of(request).network
    try:
        if asked.password:
            asked.try_password(form.cleaned_data["password"], network=network)
        if not guest:
            tries.take(f"request-{asked.public_id}", network)
    except WrongPassword:
        form.add_error("password", "That is not the password. Mind capital letters, and try again.")
        return _page(request, asked, guest, form, status=_FORBIDDEN)
    except TooManyTries as error:
        answer = _page(request, asked, guest, form, status=_TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(error.seconds)
        return answer
    answer = redirect(asked.path)
    if not guest:
        browser = remember(request, answer)
        guest, _ = Guest.objects.get_or_create(request=asked, browser=browser, defaults=form.said)
    guest.admit_with(asked.password)
    return answer


def _page(
    request: HttpRequest, asked: FileRequest, guest: Guest | None, form: GuestForm, *, status: int
) -> HttpResponse:
    """A locked request tells whom it is from and whether it takes anything, and nothing else."""
    is_in = guest is not None and guest.is_admitted
    is_locked = bool(asked.password) and not is_in
    # What is on its way may arrive, whether anything new is taken or not.
    may_send = guest is not None and is_in and (asked.is_open or guest.unfinished().exists())
    context = {
        "asked": asked,
        "state": asked.state,
        "guest": guest if is_in else None,
        "is_locked": is_locked,
        "may_send": may_send,
        "form": form,
        "is_too_often": status == _TOO_MANY_REQUESTS,
        "sent": _sent(request, guest) if guest and is_in else None,
        "form_limit": DEFAULT_PART_SIZE,
    }
    if is_locked and status == 200:
        status = _FORBIDDEN
    return render(request, "requests/landing.html", context, status=status)


def _sent(request: HttpRequest, guest: Guest) -> Listing:
    uploads = guest.uploads().filter(file__deleted_at=None)
    return Listing(request, "sent", uploads, orders=ORDERS, search=SEARCH)
