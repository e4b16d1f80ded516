"""Django's handlers for errors that no view has handled, named in urls.py."""

import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults

from sharing.http.outages import outage_of
from sharing.http.refusals import API_PREFIX, Refusal, unread


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 if the body is too long or holds a file, else 400."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return unread(HTTPStatus.REQUEST_ENTITY_TOO_LARGE).response(request)
    if request.path.startswith(API_PREFIX):
        return unread(HTTPStatus.BAD_REQUEST).response(request)
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 during an outage, else 500. Django calls this while it handles the error."""
    outage = outage_of(sys.exception())
    if outage:
        return outage.response(request)
    if request.path.startswith(API_PREFIX):
        detail = _("Something went wrong on our side. It has been logged, and trying again does no harm.")
        return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "server-error", detail).response(request)
    return defaults.server_error(request)
