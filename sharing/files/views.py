"""An owner's actions on files, and uploading by a plain HTML form."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from sharing.accounts.errors import QuotaExceeded
from sharing.accounts.http import signed_in_user
from sharing.files.errors import FilesError, NotArrived
from sharing.files.models import File, OwnerSender, Upload
from sharing.storage.errors import ObjectMissing, StorageError
from sharing.wording import count

# What a message's tags begin with where what it tells of can be undone; an address follows.
UNDO = "undo:"


def _file_of(request: HttpRequest, pk: UUID) -> File:
    file: File = get_object_or_404(signed_in_user(request).files.present(), pk=pk)
    return file


def _trashed_file_of(request: HttpRequest, pk: UUID) -> File:
    file: File = get_object_or_404(signed_in_user(request).files.trashed(), pk=pk)
    return file


def _upload_of(request: HttpRequest, pk: UUID) -> Upload:
    return get_object_or_404(Upload.objects.owned_by(signed_in_user(request)), pk=pk)


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
    messages.success(
        request, f"“{file.name}” is deleted, and its links have stopped.", extra_tags=undo and f"{UNDO}{undo}"
    )
    return redirect("dashboard")


@require_POST
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    file = _trashed_file_of(request, pk)
    try:
        file.restore(by=signed_in_user(request))
    except FilesError as error:
        messages.error(request, str(error))
        return redirect("trash")
    messages.success(request, f"“{file.name}” is restored, and its links work again.")
    return redirect(file)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Discard a file that is in the trash."""
    file = _trashed_file_of(request, pk)
    signed_in_user(request).files.filter(pk=pk).discard(by=signed_in_user(request))
    messages.success(request, f"“{file.name}” is removed for good.")
    return redirect("trash")


@require_POST
def empty_trash(request: HttpRequest) -> HttpResponse:
    removed = signed_in_user(request).files.trashed().discard(by=signed_in_user(request))
    messages.success(request, f"The trash is empty: {count(removed, 'file')} removed for good.")
    return redirect("trash")


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


@require_POST
def start_upload(request: HttpRequest) -> HttpResponse:
    try:
        upload = Upload.objects.start_plain(
            name=request.POST.get("name", ""), sender=OwnerSender(signed_in_user(request))
        )
    except (FilesError, QuotaExceeded) as error:
        messages.error(request, str(error))
        return redirect("dashboard")
    return redirect(upload)


@require_safe
def show_upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the form that sends the file. The bucket redirects back here. A GET changes nothing."""
    upload = _upload_of(request, pk)
    if upload.state == Upload.State.COMPLETE:
        return redirect(upload.file)
    takes_form = upload.is_open and not upload.is_multipart and upload.has_quota
    context = {
        "upload": upload,
        "form": upload.presign_form() if takes_form else None,
        # S3 adds bucket, key and etag to the address it redirects to; SeaweedFS adds them too.
        "has_arrived": "etag" in request.GET or "key" in request.GET,
    }
    return render(request, "files/upload.html", context)


@require_POST
def complete_upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    upload = _upload_of(request, pk)
    try:
        upload.complete()
    except NotArrived as error:
        messages.error(request, str(error))
        return redirect(upload)
    except (FilesError, StorageError) as error:
        messages.error(request, str(error))
        return redirect("dashboard")
    messages.success(request, f"“{upload.file.name}” is in your bucket. Make a link to send it.")
    return redirect(upload.file)


@require_POST
def cancel_upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    upload = _upload_of(request, pk)
    try:
        upload.cancel(by=signed_in_user(request))
    except FilesError as error:
        messages.error(request, str(error))
        return redirect(upload)
    messages.success(request, f"The upload of “{upload.file.name}” is cancelled.")
    return redirect("dashboard")
