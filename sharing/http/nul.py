"""Refuse requests with a NUL character, which PostgreSQL cannot store."""

from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request

NUL = "\0"


def refuse_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer 400 to a NUL character in the path, the query or a cookie.

    PostgreSQL keeps none in a text, not even to compare with, and no browser sends one. Forms check their own fields.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        said = (request.path_info, unquote(request.META.get("QUERY_STRING", "")), *request.COOKIES.values())
        if any(NUL in text for text in said):
            return bad_request(request, ValueError("A NUL character"))
        return get_response(request)

    return middleware
