"""Errors that were found before or beside the API's own operations: a CSRF check, a host, an answer nobody caught."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sharing.api.problems import NOTHING_HERE, PROBLEM_TYPE, problem

# Also of what these answers say beside their words.
_KEPT_HEADERS = ("Allow", "Retry-After")


def problems_everywhere(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer every error under /api/ as a problem (RFC 9457), whatever part of the app refused it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_problem = response.headers.get("Content-Type", "").startswith(PROBLEM_TYPE)
        if response.status_code < 400 or is_problem or not request.path_info.startswith("/api/"):
            return response
        return _as_problem(response)

    return middleware


def _as_problem(response: HttpResponse) -> HttpResponse:
    status = HTTPStatus(response.status_code)
    slug, detail = _said(status)
    answer = problem(status, slug, detail)
    answer.cookies = response.cookies
    for header in _KEPT_HEADERS:
        if header in response.headers:
            answer[header] = response[header]
    return answer


def _said(status: HTTPStatus) -> tuple[str, str]:
    """The end of the problem's `type`, and what happened in words."""
    known = {
        HTTPStatus.BAD_REQUEST: ("unreadable", _("The request cannot be read: send JSON.")),
        HTTPStatus.FORBIDDEN: ("csrf", _("The CSRF token is missing or old: reload the page and try again.")),
        HTTPStatus.NOT_FOUND: ("unknown", NOTHING_HERE),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("body-too-large", _("The request is too large.")),
        HTTPStatus.SERVICE_UNAVAILABLE: (
            "unavailable",
            _("The service is not available right now. Nothing is lost: try again in a moment."),
        ),
    }
    otherwise = ("failed", _("Something went wrong on the server. Nothing is lost: try again in a moment."))
    return known.get(
        status, otherwise if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ("refused", status.phrase)
    )
