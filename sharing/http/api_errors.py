"""Answer errors under /api/ that no operation raises: of the CSRF check, the host, an unknown address."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sharing.http.refusals import API_PREFIX, PROBLEM_TYPE, Refusal, unread

_KEPT_HEADERS = ("Allow", "Retry-After")


def problems_everywhere(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer every error under /api/ as a problem (RFC 9457)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_problem = response.headers.get("Content-Type", "").startswith(PROBLEM_TYPE)
        if response.status_code < 400 or is_problem or not request.path_info.startswith(API_PREFIX):
            return response
        answer = _refusal(HTTPStatus(response.status_code)).response(request)
        answer.cookies = response.cookies
        for header in _KEPT_HEADERS:
            if header in response.headers:
                answer[header] = response[header]
        return answer

    return middleware


def _refusal(status: HTTPStatus) -> Refusal:
    match status:
        case HTTPStatus.FORBIDDEN:
            detail = _("The CSRF token is missing or old. Reload the page and try again.")
            return Refusal(status, "csrf", detail)
        case HTTPStatus.NOT_FOUND:
            return Refusal(status, "unknown", _("There is nothing of yours here."))
    return unread(status)
