"""Views that change an owner's files: rename, delete, restore and remove them."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.files.errors import FilesError
from sharing.files.models import File
from sharing.wording import grouped

# Begins the tags of a message about something that can be undone; an address follows.
UNDO = "undo:"


def _file_of(request: HttpRequest, pk: UUID) -> File:
    file: File = get_object_or_404(signed_in_user(request).files.present(), pk=pk)
    return file


def _trashed_file_of(request: HttpRequest, pk: UUID) -> File:
    file: File = get_object_or_404(signed_in_user(request).files.trashed(), pk=pk)
    return file


@require_POST
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    file = _file_of(request, pk)
    try:
        file.rename(request.POST.get("name", ""), by=signed_in_user(request))
    except FilesError as error:
        messages.error(request, str(error))
    return redirect(file)


@require_POST
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    file = _file_of(request, pk)
    file.delete_by(signed_in_user(request))
    # templates/includes/messages.html makes a button of the address.
    undo = reverse("file_restoration", args=[file.pk]) if settings.TRASH_DAYS and file.ready_at else ""
    words = _("Deleted “%(name)s”. Its links have stopped working.") % {"name": file.name}
    messages.success(request, words, extra_tags=undo and f"{UNDO}{undo}")
    return redirect("dashboard")


@require_POST
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    file = _trashed_file_of(request, pk)
    try:
        file.restore(by=signed_in_user(request))
    except FilesError as error:
        messages.error(request, str(error))
        return redirect("trash")
    messages.success(request, _("Restored “%(name)s”. Its links work again.") % {"name": file.name})
    return redirect(file)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Discard a file that is in the trash."""
    file = _trashed_file_of(request, pk)
    signed_in_user(request).files.filter(pk=pk).discard(by=signed_in_user(request))
    messages.success(request, _("Permanently deleted “%(name)s”.") % {"name": file.name})
    return redirect("trash")


@require_POST
def empty_trash(request: HttpRequest) -> HttpResponse:
    removed = signed_in_user(request).files.trashed().discard(by=signed_in_user(request))
    words = ngettext(
        "Trash emptied: %(n)s file permanently deleted.",
        "Trash emptied: %(n)s files permanently deleted.",
        removed,
    )
    messages.success(request, words % {"n": grouped(removed)})
    return redirect("trash")
