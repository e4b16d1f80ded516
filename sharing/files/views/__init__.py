"""An owner's actions on files, and uploading by a plain HTML form."""

from sharing.files.views.changes import delete, empty_trash, remove, rename, restore
from sharing.files.views.content import download, preview, thumbnail
from sharing.files.views.uploads import cancel_upload, complete_upload, show_upload, start_upload

__all__ = [
    "cancel_upload",
    "complete_upload",
    "delete",
    "download",
    "empty_trash",
    "preview",
    "remove",
    "rename",
    "restore",
    "show_upload",
    "start_upload",
    "thumbnail",
]
