"""What somebody who was sent a request sees. Looking changes nothing; saying who one is makes a guest."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sharing.links import tries
from sharing.links.errors import TooManyTries
from sharing.links.visitor import Visitor
from sharing.requests.cookie import browser_of, remember
from sharing.requests.forms import GuestForm
from sharing.requests.models import FileRequest, Guest
from sharing.storage.plan import DEFAULT_PART_SIZE

FILES_SHOWN = 200


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest, token: str) -> HttpResponse:
    return _private(_answer(request, token))


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    try:
        asked = FileRequest.objects.by_token(token)
    except FileRequest.DoesNotExist:
        return render(request, "links/unknown.html", status=404)
    browser = browser_of(request)
    guest = Guest.objects.filter(request=asked, browser=browser).first() if browser else None
    form = GuestForm(asked, request.POST if request.method == "POST" else None)
    if request.method == "POST" and asked.state == FileRequest.State.OPEN and not guest and form.is_valid():
        return _welcome(request, asked, form)
    return _page(request, asked, guest, form, status=422 if form.errors else 200)


def _welcome(request: HttpRequest, asked: FileRequest, form: GuestForm) -> HttpResponse:
    """Ten new guests of a network in a quarter of an hour, as with passwords."""
    try:
        tries.take(f"request-{asked.public_id}", Visitor.of(request).network)
    except TooManyTries as error:
        answer = _page(request, asked, None, form, status=429)
        answer["Retry-After"] = str(error.seconds)
        return answer
    answer = redirect(asked.path)
    Guest.objects.get_or_create(request=asked, browser=remember(request, answer), defaults=form.cleaned_data)
    return answer


def _page(
    request: HttpRequest, asked: FileRequest, guest: Guest | None, form: GuestForm, *, status: int
) -> HttpResponse:
    context = {
        "asked": asked,
        "state": asked.state,
        "guest": guest,
        "form": form,
        "is_too_often": status == 429,
        "uploads": guest.uploads().filter(file__deleted_at=None)[:FILES_SHOWN] if guest else [],
        "form_limit": DEFAULT_PART_SIZE,
    }
    return render(request, "requests/landing.html", context, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """For no search engine, no cache, and no site that is visited next."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    # A request to this site itself may say where it comes from: the CSRF check asks for that under HTTPS.
    response["Referrer-Policy"] = "same-origin"
    return response
