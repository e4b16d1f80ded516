"""What the pages of a request's guests have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sharing.requests.errors import RequestLocked
from sharing.requests.gate import RequestGate
from sharing.requests.models import FileRequest


def gated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of `/r/<address>/…` that takes a RequestGate."""

    @login_not_required
    @wraps(view)
    def answering(request: HttpRequest, address: str, **steps: Any) -> HttpResponse:
        try:
            gate = RequestGate(request, address)
        except FileRequest.DoesNotExist:
            return private(render(request, "links/unknown.html", status=404))
        return private(view(gate, **steps))

    return answering


def for_guests(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that takes a Guest who is let in; all others are shown the request's own page."""

    @gated
    @wraps(view)
    def answering(gate: RequestGate, **steps: Any) -> HttpResponse:
        try:
            guest = gate.enter().guest
        except RequestLocked:
            guest = None
        if guest is None or gate.facts.state == FileRequest.State.SUSPENDED:
            return redirect(gate.path)
        return view(gate.request, guest, **steps)

    return answering


def private(response: HttpResponse) -> HttpResponse:
    """For no search engine, no cache, and no site that is visited next."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    # A request to this site itself may say where it comes from: the CSRF check asks for that under HTTPS.
    response["Referrer-Policy"] = "same-origin"
    return response
