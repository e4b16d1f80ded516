from django.urls import path

from sharing.pages import dashboard, file, health, link_files

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("files/<uuid:pk>/", file.show, name="file"),
    path("files/<uuid:pk>/links/", file.make_link, name="file_links"),
    path("links/<str:public_id>/files/", link_files.link_files, name="link_files"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
