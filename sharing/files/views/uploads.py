"""Views that upload a file by a plain HTML form."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.accounts.errors import QuotaExceeded
from sharing.accounts.http import signed_in_user
from sharing.files.errors import FilesError, NotArrived
from sharing.files.http import warn_if_empty
from sharing.files.models import OwnerSender, Upload
from sharing.http.waiting import waits_for_bucket
from sharing.storage.errors import StorageError


def _upload_of(request: HttpRequest, pk: UUID) -> Upload:
    return get_object_or_404(Upload.objects.owned_by(signed_in_user(request)), pk=pk)


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
@waits_for_bucket
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
    words = _("Uploaded “%(name)s”. Create a link to share it.")
    messages.success(request, words % {"name": upload.file.name})
    warn_if_empty(request, upload.file)
    return redirect(upload.file)


@require_POST
def cancel_upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    upload = _upload_of(request, pk)
    try:
        upload.cancel(by=signed_in_user(request))
    except FilesError as error:
        messages.error(request, str(error))
        return redirect(upload)
    messages.success(request, _("Cancelled the upload of “%(name)s”.") % {"name": upload.file.name})
    return redirect("dashboard")
