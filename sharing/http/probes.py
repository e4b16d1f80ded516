"""Middleware that drops the cookies of health checks: a session would need the database."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PROBES = {"/livez", "/readyz"}


def without_session(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: drop the cookies of requests to /livez and /readyz."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info in PROBES:
            request.META.pop("HTTP_COOKIE", None)
        return get_response(request)

    return middleware
