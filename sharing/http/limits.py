"""Refuse long requests, since files never pass here: the second check, for web servers that take any request."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from sharing.http.incoming import MAX_BODY
from sharing.http.refusals import unread

GetResponse = Callable[[HttpRequest], HttpResponse]


class BodyLimit:
    """Middleware: refuse by length, before anything reads the body."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length[:20]) > MAX_BODY:
            return unread(HTTPStatus.REQUEST_ENTITY_TOO_LARGE).response(request)
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            # Django takes such a body for an empty one. Our own web server never passes one on.
            return unread(HTTPStatus.LENGTH_REQUIRED).response(request)
        return self.get_response(request)
