"""`/api/v1/`: the JSON API. The web pages' own scripts use this same API."""

from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.security import django_auth

from sharing.api import links, uploads
from sharing.api.problems import register_problems

api = NinjaAPI(
    title="Waybill",
    version="1",
    description="Upload straight to a private bucket, and share by links that expire.",
    auth=django_auth,
    docs_url=None,
)
api.add_router("uploads/", uploads.router)
api.add_router("links/", links.router)
register_problems(api)


def _without_login_redirect() -> tuple[list[URLPattern], str, str]:
    """The API's urls: the session is checked by the API itself, which answers 401 instead of a redirect."""
    patterns, app_name, namespace = cast("tuple[list[URLPattern], str, str]", api.urls)
    for pattern in patterns:
        pattern.callback = login_not_required(pattern.callback)
    return patterns, app_name, namespace


# Evaluated once: ninja refuses to make its urls twice.
api_urls = _without_login_redirect()
