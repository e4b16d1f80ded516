"""What the pages of a request's guests have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sharing import tokens
from sharing.requests.cookie import browser_of
from sharing.requests.models import FileRequest, Guest


def for_guests(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of `/r/<address>/…` that takes a Guest who is let in; all others are shown the request's own page."""

    @login_not_required
    @wraps(view)
    def answering(request: HttpRequest, address: str, **steps: Any) -> HttpResponse:
        try:
            asked = FileRequest.objects.by_token(tokens.without_slug(address))
        except FileRequest.DoesNotExist:
            return private(render(request, "links/unknown.html", status=404))
        guest = guest_at(asked, request)
        if guest is None or not guest.is_admitted or asked.state == FileRequest.State.SUSPENDED:
            # By the address they have: a locked request does not tell its name.
            return private(redirect("request_landing", address))
        return private(view(request, guest, **steps))

    return answering


def guest_at(asked: FileRequest, request: HttpRequest) -> Guest | None:
    """Who that browser is at this request. None for one that has not said it yet."""
    browser = browser_of(request)
    guest = Guest.objects.filter(request=asked, browser=browser).first() if browser else None
    if guest:
        guest.request = asked
    return guest


def private(response: HttpResponse) -> HttpResponse:
    """For no search engine, no cache, and no site that is visited next."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    # A request to this site itself may say where it comes from: the CSRF check asks for that under HTTPS.
    response["Referrer-Policy"] = "same-origin"
    return response
