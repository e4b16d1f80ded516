"""Errors as RFC 9457 problem details: what happened, and what to do. One place maps each class to a status."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from sharing.accounts.errors import QuotaExceeded
from sharing.files import errors as files
from sharing.links import errors as links
from sharing.storage import errors as storage

# Most specific first; the slug ends the problem's `type` and never changes.
_PROBLEMS: list[tuple[type[Exception], HTTPStatus, str]] = [
    (QuotaExceeded, HTTPStatus.CONFLICT, "quota-exceeded"),
    (files.InvalidName, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-name"),
    (files.InvalidPart, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-part"),
    (files.FileTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "file-too-large"),
    (files.UploadClosed, HTTPStatus.CONFLICT, "upload-closed"),
    (files.FileChanged, HTTPStatus.CONFLICT, "file-changed"),
    (files.NotArrived, HTTPStatus.CONFLICT, "not-arrived"),
    (files.ArrivedDamaged, HTTPStatus.CONFLICT, "arrived-damaged"),
    (links.InvalidExpiry, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-expiry"),
    (RequestDataTooBig, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large"),
    (storage.BucketUnreachable, HTTPStatus.SERVICE_UNAVAILABLE, "bucket-unreachable"),
    (storage.StorageError, HTTPStatus.BAD_GATEWAY, "bucket-refused"),
]
# What the bucket says of itself is for the operator's log, not for whoever asks.
_BUCKET_TROUBLE = "The bucket does not answer as it should. Nothing is lost: try again in a moment."


def problem(status: HTTPStatus, slug: str, detail: str, **members: Any) -> JsonResponse:
    """An application/problem+json answer."""
    body = {"type": f"/problems/{slug}", "title": status.phrase, "status": status.value, "detail": detail}
    return JsonResponse(body | members, status=status, content_type="application/problem+json")


def register_problems(api: NinjaAPI) -> None:
    """Have `api` answer each known error as a problem."""
    for error_class, status, slug in _PROBLEMS:
        api.add_exception_handler(error_class, _handler(status, slug))
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _signed_out)
    api.add_exception_handler(Http404, _unknown)
    api.add_exception_handler(HttpError, _refused)


def _handler(status: HTTPStatus, slug: str) -> Callable[[HttpRequest, Any], HttpResponse]:
    def handle(request: HttpRequest, error: Exception) -> HttpResponse:
        detail = _BUCKET_TROUBLE if isinstance(error, storage.StorageError) else str(error)
        missing = {"missing": error.missing} if isinstance(error, files.NotArrived) else {}
        return problem(status, slug, detail, **missing)

    return handle


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [
        {"field": ".".join(str(step) for step in item["loc"][2:]), "message": item["msg"]}
        for item in error.errors
    ]
    detail = "; ".join(f"{item['field'] or 'body'}: {item['message']}" for item in errors)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail, errors=errors)


def _signed_out(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus.UNAUTHORIZED, "signed-out", "Sign in, then try again.")


def _unknown(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND, "unknown", "There is nothing of yours here.")


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    status = HTTPStatus(error.status_code)
    return problem(status, "refused", str(error))
