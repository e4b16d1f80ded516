"""Refusals: the reason in a sentence, answered as a page, or in the API as a problem (RFC 9457)."""

import json
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.html import escape
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

PROBLEM_TYPE = "application/problem+json"
API_PREFIX = "/api/"


@dataclass(frozen=True)
class Refusal:
    """A status, a sentence and the end of the problem's type. `retry_after` is in seconds, 0 for never."""

    status: HTTPStatus
    slug: str
    detail: str
    retry_after: int = 0

    @property
    def title(self) -> str:
        """Return the status in words, in the reader's language where they are known."""
        return _title(self.status) or self.status.phrase

    def response(self, request: HttpRequest) -> HttpResponse:
        """Return a page, made without the database, or a problem for scripts and the API."""
        if _wants_problem(request.path, request.headers.get("Accept", "")):
            response = HttpResponse(self._problem(), content_type=PROBLEM_TYPE)
        else:
            response = HttpResponse(loader.get_template("refused.html").render({"refusal": self}))
        response.status_code = self.status
        response["Cache-Control"] = "no-store"
        if self.retry_after:
            response["Retry-After"] = str(self.retry_after)
        return response

    def on_the_wire(self, path: str) -> bytes:
        """Return the whole HTTP/1.1 answer for a server that does not ask the app. Closes the connection."""
        is_problem = _wants_problem(path)
        body = (self._problem() if is_problem else self._plain_page()).encode()
        lines = [
            f"HTTP/1.1 {self.status.value} {self.status.phrase}",
            f"Content-Type: {PROBLEM_TYPE if is_problem else 'text/html; charset=utf-8'}",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            "Content-Security-Policy: default-src 'none'",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _problem(self) -> str:
        return json.dumps(
            {
                "type": f"/problems/{self.slug}",
                "title": self.title,
                "status": self.status.value,
                "detail": self.detail,
            }
        )

    def _plain_page(self) -> str:
        title = escape(self.title)
        direction = "rtl" if get_language_bidi() else "ltr"
        return (
            f'<!doctype html><html lang="{get_language()}" dir="{direction}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
            f"<title>{title}</title>"
            f"<h1>{title}</h1><p>{escape(self.detail)}</p></html>\n"
        )


def unread(status: HTTPStatus) -> Refusal:
    """Refuse a request that is not read: too long, too slow, or no HTTP."""
    match status:
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return Refusal(
                status,
                "body-too-large",
                _(
                    "This request is too large. Files are uploaded straight to storage, never to this address."
                ),
            )
        case HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            return Refusal(
                status,
                "headers-too-large",
                _("The headers of this request are too large. Clear this site's cookies and try again."),
            )
        case HTTPStatus.REQUEST_TIMEOUT:
            return Refusal(status, "timeout", _("The request took too long to arrive. Try again."))
        case HTTPStatus.LENGTH_REQUIRED:
            return Refusal(status, "length-required", _("Send the request with its length."))
    return Refusal(status, "unreadable", _("The request could not be read. Nothing was changed."))


def _title(status: HTTPStatus) -> str:
    """Return a status in words of the reader's language; "" for one that nothing here answers with."""
    titles = {
        HTTPStatus.BAD_REQUEST: _("Bad request"),
        HTTPStatus.FORBIDDEN: _("Not allowed"),
        HTTPStatus.NOT_FOUND: _("Not found"),
        HTTPStatus.REQUEST_TIMEOUT: _("Request timed out"),
        HTTPStatus.LENGTH_REQUIRED: _("Length required"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("Request too large"),
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: _("Request headers too large"),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests"),
        HTTPStatus.INTERNAL_SERVER_ERROR: _("Something went wrong"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("Not available right now"),
    }
    return titles.get(status, "")


def _wants_problem(path: str, accepted: str = "") -> bool:
    return path.startswith(API_PREFIX) or ("application/json" in accepted and "text/html" not in accepted)
