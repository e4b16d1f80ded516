"""Views that redirect owners to their files in the bucket: download, preview, thumbnail."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sharing.accounts.http import signed_in_user
from sharing.files.models import File
from sharing.storage.errors import ObjectMissing, StorageError


@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Redirect the owner to a download. Nothing is counted, so that a GET will do."""
    file = get_object_or_404(signed_in_user(request).files.ready(), pk=pk)
    if not _has_object(request, file):
        return redirect(file)
    file.record_opened(by=signed_in_user(request))
    return redirect(file.presigned_url())


@require_safe
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Redirect the owner to a preview."""
    file = get_object_or_404(signed_in_user(request).files.ready(), pk=pk)
    if not file.preview_type:
        raise Http404
    if not _has_object(request, file):
        return redirect(file)
    return redirect(file.open_preview(by=signed_in_user(request)))


def _has_object(request: HttpRequest, file: File) -> bool:
    """True if the bucket has the object; if not, add a message for the next page."""
    try:
        file.require_object()
    except ObjectMissing:
        messages.error(request, gettext("The storage no longer has this file. Upload it again."))
    except StorageError:
        messages.error(request, gettext("The storage is not answering right now. Try again in a moment."))
    else:
        return True
    return False


@require_safe
def thumbnail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Redirect to the thumbnail, for a page that was open for so long that its URL has expired."""
    file = get_object_or_404(signed_in_user(request).files.ready(), pk=pk, has_thumbnail=True)
    return redirect(file.thumbnail_url())
