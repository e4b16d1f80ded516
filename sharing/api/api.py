"""`/api/v1/`: the JSON API. The web pages' own scripts use this same API."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.security import django_auth

from sharing.api import files, links, thumbnails, uploads
from sharing.api.problems import Problem, problem, register_problems, unknown
from sharing.http.waiting import waits_for_bucket

# Read by `GuestAuth` from the path, so that no operation takes it as an argument.
REQUEST_TOKEN = {
    "name": "token",
    "in": "path",
    "required": True,
    "description": _("The token of a request for files, as in the address of its page."),
    "schema": {"type": "string", "minLength": 1},
}


class API(NinjaAPI):
    """NinjaAPI, with what its operations declare by `declared()` in the schema's components."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for path, item in schema["paths"].items():
            if "{token}" in path:
                item["parameters"] = [REQUEST_TOKEN]
        return schema


api = API(
    title="Waybill",
    version="1",
    description="Upload straight to a private bucket, and share by links that expire.",
    auth=django_auth,
    docs_url=None,
)
api.add_router("uploads/", uploads.router.for_owners)
api.add_router("requests/{str:token}/uploads/", uploads.router.for_guests)
api.add_router("files/", files.router)
api.add_router("files/", thumbnails.router.for_owners)
api.add_router("requests/{str:token}/files/", thumbnails.router.for_guests)
api.add_router("links/", links.router)
register_problems(api)


def _as_problem(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view of ninja: answers from outside its operations, such as 405, become problems."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except Http404:
            return unknown(request)
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return answer
        allowed = answer["Allow"]
        refusal = problem(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "method",
            _("This address accepts only %(methods)s.") % {"methods": allowed},
        )
        refusal["Allow"] = allowed
        return refusal

    return answering


def _urls() -> tuple[list[URLPattern], str, str]:
    """Return the API's urls. The API checks the session itself, and answers 401 instead of a redirect."""
    patterns, app_name, namespace = cast("tuple[list[URLPattern], str, str]", api.urls)
    for pattern in patterns:
        pattern.callback = login_not_required(_as_problem(pattern.callback))
        if pattern.name in uploads.router.waiting_names | thumbnails.router.waiting_names:
            waits_for_bucket(pattern.callback)
    patterns.append(re_path("", login_not_required(csrf_exempt(unknown))))
    return patterns, app_name, namespace


# Evaluated once: ninja refuses to make its urls twice.
api_urls = _urls()
