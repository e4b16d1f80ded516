"""Middleware that answers each request in the language its browser asks for."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware


class PageLanguage(LocaleMiddleware):
    """Django's, which costs nothing while there is one language, and lets caches keep one copy of a static file.

    It stands before all that answers in words: Django leaves a language active in its thread, and a request that was
    refused earlier would get that of the one before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if len(settings.LANGUAGES) == 1:
            raise MiddlewareNotUsed
        super().__init__(get_response)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if isinstance(response, FileResponse):
            return response
        return super().process_response(request, response)
