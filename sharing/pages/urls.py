from django.urls import path

from sharing.pages import dashboard, file, health

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("files/<uuid:pk>/", file.show, name="file"),
    path("files/<uuid:pk>/links/", file.make_link, name="file_links"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
