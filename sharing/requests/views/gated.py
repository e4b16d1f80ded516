"""Decorators for the views of `/r/<address>/…`, which guests see."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sharing.addresses.views import private
from sharing.requests.errors import RequestLocked
from sharing.requests.gate import RequestGate
from sharing.requests.models import FileRequest


def _private(response: HttpResponse) -> HttpResponse:
    # Requests to this site itself name their page: the CSRF check asks for that under HTTPS.
    return private(response, referrer_policy="same-origin")


def gated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view of `/r/<address>/…` a RequestGate."""

    @login_not_required
    @wraps(view)
    def answering(request: HttpRequest, address: str, **steps: Any) -> HttpResponse:
        try:
            gate = RequestGate(request, address)
        except FileRequest.DoesNotExist:
            return _private(render(request, "addresses/unknown.html", status=HTTPStatus.NOT_FOUND))
        return _private(view(gate, **steps))

    return answering


def for_guests(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view a Guest who is let in; send everybody else to the request's page."""

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
