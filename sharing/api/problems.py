"""Errors as RFC 9457 problem details: what happened, and what to do. One place maps each class to a status."""

import re
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from sharing.accounts.errors import QuotaExceeded
from sharing.addresses import errors as addresses
from sharing.files import errors as files
from sharing.http.outages import SOON
from sharing.links import errors as links
from sharing.requests import errors as requests
from sharing.storage import errors as storage

PROBLEM_TYPE = "application/problem+json"
NOTHING_HERE = gettext_lazy("Not found. It may have been deleted, or belong to somebody else.")

# Most specific first; the slug ends the problem's `type` and never changes.
_PROBLEMS: list[tuple[type[Exception], HTTPStatus, str]] = [
    (QuotaExceeded, HTTPStatus.CONFLICT, "quota-exceeded"),
    (files.InvalidName, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-name"),
    (files.InvalidPart, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-part"),
    (files.FileTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "file-too-large"),
    (files.UploadUnknown, HTTPStatus.NOT_FOUND, "unknown"),
    (files.UploadDiffers, HTTPStatus.CONFLICT, "upload-differs"),
    (files.UploadClosed, HTTPStatus.CONFLICT, "upload-closed"),
    (files.FileChanged, HTTPStatus.CONFLICT, "file-changed"),
    (files.NotArrived, HTTPStatus.CONFLICT, "not-arrived"),
    (files.ArrivedDamaged, HTTPStatus.CONFLICT, "arrived-damaged"),
    (requests.RequestLocked, HTTPStatus.CONFLICT, "request-locked"),
    (requests.RequestClosed, HTTPStatus.CONFLICT, "request-closed"),
    (requests.RequestFull, HTTPStatus.CONFLICT, "request-full"),
    (requests.NotAsked, HTTPStatus.UNPROCESSABLE_ENTITY, "not-asked"),
    (addresses.InvalidExpiry, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-expiry"),
    (links.InvalidLimit, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-limit"),
    (addresses.InvalidPassword, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-password"),
    (addresses.InvalidSlug, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-name"),
    (links.InvalidRecipients, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-recipients"),
    (links.MailLimitReached, HTTPStatus.CONFLICT, "mail-limit"),
    (links.TooManyFiles, HTTPStatus.UNPROCESSABLE_ENTITY, "too-many-files"),
    (files.InvalidThumbnail, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-thumbnail"),
    (files.InvalidLifetime, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-lifetime"),
    (files.Unavailable, HTTPStatus.CONFLICT, "unavailable"),
    (RequestDataTooBig, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large"),
    (TooManyFilesSent, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large"),
    (storage.BucketUnreachable, HTTPStatus.SERVICE_UNAVAILABLE, "bucket-unreachable"),
    (storage.StorageError, HTTPStatus.BAD_GATEWAY, "bucket-refused"),
]
# The bucket's own message is for the operator's log, not for whoever asks.
_STORAGE_TROUBLE = gettext_lazy("Storage is not responding. Nothing is lost. Try again in a moment.")

# By pydantic's type of the error, with the names of its context; those of other types keep pydantic's own message.
_INVALID: dict[str, Any] = {
    "too_long": ngettext_lazy(
        "Send at most %(max_length)s item.", "Send at most %(max_length)s items.", "max_length"
    ),
    "too_short": ngettext_lazy(
        "Send at least %(min_length)s item.", "Send at least %(min_length)s items.", "min_length"
    ),
    "string_too_long": ngettext_lazy(
        "Use at most %(max_length)s character.", "Use at most %(max_length)s characters.", "max_length"
    ),
    "missing": gettext_lazy("This field is required."),
}


# Those that any request may be answered with.
COMMON = (400, 401, 403, 413, 422)


class Problem(BaseModel):
    """RFC 9457. `errors` names the fields that are wrong, `missing` the parts that the bucket does not have."""

    type: str
    title: str
    status: int
    detail: str
    missing: list[int] = []
    errors: list[dict[str, str]] = []


def problem(status: HTTPStatus, slug: str, detail: str, **members: Any) -> JsonResponse:
    """Return an application/problem+json answer."""
    return _answer(_body(status, slug, detail, **members))


def problem_of(error: Exception) -> dict[str, Any]:
    """Return the members of the problem for an error of ours. Raises KeyError for any other error."""
    for error_class, status, slug in _PROBLEMS:
        if isinstance(error, error_class):
            detail = _said_of(error) if isinstance(error, storage.StorageError) else str(error)
            missing = {"missing": error.missing} if isinstance(error, files.NotArrived) else {}
            return _body(status, slug, detail, **missing)
    raise KeyError(type(error))


def _said_of(error: storage.StorageError) -> str:
    if isinstance(error, storage.BucketUnreachable) or not re.fullmatch(r"[A-Za-z]+", error.code):
        return str(_STORAGE_TROUBLE)
    return _(
        "Storage refused the request (%(code)s). What has been uploaded is kept. Try again. If it happens again, tell "
        "the people who run this site."
    ) % {"code": error.code}


def declared(*statuses: int) -> dict[str, Any]:
    """Return the `openapi_extra` of an operation that may be answered with these problems."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {PROBLEM_TYPE: {"schema": schema}}
    return {
        "responses": {
            status: {"description": HTTPStatus(status).phrase, "content": content}
            for status in sorted({*COMMON, *statuses})
        }
    }


def register_problems(api: NinjaAPI) -> None:
    """Have `api` answer each known error as a problem."""
    for error_class, *_rest in _PROBLEMS:
        api.add_exception_handler(error_class, _known)
    for error_class in (BadRequest, MultiPartParserError, SuspiciousOperation):
        api.add_exception_handler(error_class, _unreadable)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _signed_out)
    api.add_exception_handler(Http404, unknown)
    api.add_exception_handler(HttpError, _refused)


def _body(status: HTTPStatus, slug: str, detail: str, **members: Any) -> dict[str, Any]:
    return {
        "type": f"/problems/{slug}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        **members,
    }


def _answer(body: dict[str, Any]) -> JsonResponse:
    return JsonResponse(body, status=body["status"], content_type=PROBLEM_TYPE)


def _known(request: HttpRequest, error: Any) -> HttpResponse:
    answer = _answer(problem_of(error))
    if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        answer["Retry-After"] = str(SOON)
    return answer


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [
        {"field": ".".join(str(step) for step in item["loc"][2:]), "message": _message_of(item)}
        for item in error.errors
    ]
    detail = "; ".join(f"{item['field'] or 'body'}: {item['message']}" for item in errors)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail, errors=errors)


def _message_of(item: dict[str, Any]) -> str:
    if item["type"] == "value_error":
        return str(item["ctx"]["error"])
    sentence = _INVALID.get(item["type"])
    return str(sentence % item.get("ctx", {})) if sentence else str(item["msg"])


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus.BAD_REQUEST, "unreadable", _("The request could not be read. Send JSON."))


def _signed_out(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus.UNAUTHORIZED, "signed-out", _("Sign in, then try again."))


def unknown(request: HttpRequest, error: Any = None) -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND, "unknown", str(NOTHING_HERE))


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    status = HTTPStatus(error.status_code)
    return problem(status, "refused", str(error))
