from django.urls import path

from sharing.pages.views import dashboard, direct_urls, file, health, link_files, robots, trash

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("files/<uuid:pk>/", file.show, name="file"),
    path("files/<uuid:pk>/links/", file.make_link, name="file_links"),
    path("links/<str:public_id>/files/", link_files.link_files, name="link_files"),
    path("files/<uuid:pk>/direct-urls/", direct_urls.make, name="file_direct_urls"),
    path("files/<uuid:pk>/direct-urls/revocation/", direct_urls.revoke, name="file_direct_urls_revocation"),
    path("trash/", trash.show, name="trash"),
    path("robots.txt", robots.robots, name="robots"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
