"""When a session was last seen, without writing it down at every request."""

import time

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.http import HttpRequest, HttpResponse

EVERY_SECONDS = 300


class SessionActivity(UserSessionsMiddleware):
    """allauth's, at most once in five minutes a session: it takes two SELECTs and an UPDATE each time."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)  # type: ignore[no-any-return]
        now = time.time()
        if now - request.session.get("seen_at", 0) < EVERY_SECONDS:
            return self.get_response(request)  # type: ignore[no-any-return]
        request.session["seen_at"] = now
        return super().__call__(request)  # type: ignore[no-any-return]
