"""Middleware that writes a request's line in the log, and when a session was last seen."""

import time

import structlog
from allauth.usersessions.middleware import UserSessionsMiddleware
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_structlog.middlewares import RequestMiddleware

from sharing.accounts.http import client_network
from sharing.http.best_effort import best_effort
from sharing.http.outages import outage_of

EVERY_SECONDS = 300


class RequestLog(RequestMiddleware):
    """django-structlog's, with the visitor's network in place of an address: a log may be kept for years.

    The line says why a request was refused. What Django logs about it besides is dropped (`sharing/logs.py`).
    """

    def prepare(self, request: HttpRequest) -> None:
        request.refusal_reason = ""  # type: ignore[attr-defined]
        super().prepare(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        if reason := request.refusal_reason:  # type: ignore[attr-defined]
            structlog.contextvars.bind_contextvars(reason=reason)
        super().handle_response(request, response)

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(network=client_network(request))

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Name the signed-in user in the log; nobody while the database with the sessions is away."""
        try:
            RequestMiddleware.bind_user_id(request)
        except Exception as error:
            if outage_of(error) is None:
                raise

    def _process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Log a traceback, but not for an outage: its reason is all there is to know."""
        if outage_of(exception):
            request.refusal_reason = f"{type(exception).__name__}: {exception}"  # type: ignore[attr-defined]
        else:
            super()._process_exception(request, exception)


class SessionActivity(UserSessionsMiddleware):
    """allauth's, at most once in five minutes a session: it takes two SELECTs and an UPDATE each time.

    After the page was made, which is shown in any case. A page that asks by itself for changes is no activity.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)  # type: ignore[no-any-return]
        now = time.time()
        if now - request.session.get("seen_at", 0) < EVERY_SECONDS:
            return self.get_response(request)  # type: ignore[no-any-return]
        answer: HttpResponse = self.get_response(request)
        is_watching = request.path_info == reverse("changes")
        if not is_watching and request.session.session_key and request.user.is_authenticated:
            with best_effort():
                UserSession.objects.create_from_request(request)
                request.session["seen_at"] = now
        return answer
