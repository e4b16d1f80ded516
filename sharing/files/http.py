"""Messages on a page about a file that arrived."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sharing.files.models import File


def warn_if_empty(request: HttpRequest, file: File) -> None:
    """Say that a file has no bytes: its browser sends a pipe, or what lies in a cloud alone, as an empty file."""
    if file.size:
        return
    words = _(
        "“%(name)s” is empty (0 bytes). If it is a pipe, or was not on your device yet, none of it was uploaded."
    )
    messages.warning(request, words % {"name": file.name})
