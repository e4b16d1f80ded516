"""Views of requests: for owners, and for guests."""

from sharing.requests.views.landing import landing
from sharing.requests.views.owner import change_settings, close, make_link, reopen, requests, show
from sharing.requests.views.uploads import complete_upload, delete_upload, show_upload, start_upload

__all__ = [
    "change_settings",
    "close",
    "complete_upload",
    "delete_upload",
    "landing",
    "make_link",
    "reopen",
    "requests",
    "show",
    "show_upload",
    "start_upload",
]
