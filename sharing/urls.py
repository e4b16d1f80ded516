"""The URLs of every app."""

from django.contrib import admin
from django.urls import include, path

from sharing.api.api import api_urls

urlpatterns = [
    # First, since most requests are visitors' of links.
    path("", include("sharing.links.urls")),
    path("", include("sharing.pages.urls")),
    path("", include("sharing.files.urls")),
    path("", include("sharing.requests.urls")),
    path("", include("sharing.accounts.urls")),
    path("api/v1/", api_urls),
    path("admin/", admin.site.urls),
]

handler400 = "sharing.http.handlers.bad_request"
handler500 = "sharing.http.handlers.server_error"
