from django.urls import include, path

from sharing.links.views import service_worker
from sharing.pages.views import (
    accent,
    archives,
    dashboard,
    direct_urls,
    file,
    health,
    installation,
    link_choice,
    link_files,
    moving,
    robots,
    script_texts,
    selection,
    trash,
)

_FILE = [
    path("", file.show, name="file"),
    path("links/", file.make_link, name="file_links"),
    path("direct-urls/", direct_urls.make, name="file_direct_urls"),
    path("direct-urls/revocation/", direct_urls.revoke, name="file_direct_urls_revocation"),
]

# Of one's own files.
_ARCHIVES = [
    path("", archives.begin, name="archives"),
    path("urls/", archives.urls, name="archive_urls"),
    path("collector.js", service_worker, name="archive_collector"),
]

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("files/<uuid:pk>/", include(_FILE)),
    path("links/<str:public_id>/files/", link_files.link_files, name="link_files"),
    path("files/deletion/", selection.delete, name="files_deletion"),
    path("files/restoration/", selection.restore, name="files_restoration"),
    path("files/removal/", selection.remove, name="files_removal"),
    path("files/move/", moving.move_files, name="files_move"),
    path("files/move/undone/", moving.move_files_back, name="files_move_undone"),
    path("files/link/", link_choice.choose_link, name="files_link"),
    path("archives/", include(_ARCHIVES)),
    path("trash/", trash.show, name="trash"),
    # For programs.
    path("texts/<str:language>-<str:version>.js", script_texts.script_texts, name="script_texts"),
    path("accent/<str:digits>.css", accent.accent, name="accent"),
    path("manifest.webmanifest", installation.manifest, name="manifest"),
    path("favicon.ico", installation.favicon, name="favicon"),
    path("robots.txt", robots.robots, name="robots"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
