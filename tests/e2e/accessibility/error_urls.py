"""The site's URLs, and a few that fail, so that error pages can be checked."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.csrf import csrf_failure

from sharing.urls import urlpatterns as site_urlpatterns

ERRORS: dict[str, type[Exception]] = {"400": BadRequest, "403": PermissionDenied, "500": RuntimeError}


@login_not_required
def break_with(request: HttpRequest, status: str) -> HttpResponse:
    if status == "429":
        return render(request, "429.html", status=429)
    if status == "403-csrf":
        return csrf_failure(request)
    raise ERRORS[status]


urlpatterns = [*site_urlpatterns, path("breaking/<str:status>/", break_with)]
