"""Views for guests without JavaScript, who send a file by a plain form and delete what they sent."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.files.errors import FilesError, NotArrived
from sharing.files.http import warn_if_empty
from sharing.files.models import Upload
from sharing.http.waiting import waits_for_bucket
from sharing.requests.models import Guest
from sharing.requests.views.gated import for_guests
from sharing.storage.errors import StorageError


def _path_of(guest: Guest, upload: Upload) -> str:
    return reverse("request_upload", args=[guest.request.address, upload.pk])


@require_POST
@for_guests
def start_upload(request: HttpRequest, guest: Guest) -> HttpResponse:
    try:
        upload = Upload.objects.start_plain(name=request.POST.get("name", ""), sender=guest)
    except FilesError as error:
        messages.error(request, str(error))
        return redirect(guest.request.path)
    return redirect(_path_of(guest, upload))


@require_safe
@for_guests
def show_upload(request: HttpRequest, guest: Guest, upload_id: UUID) -> HttpResponse:
    """Show the form that sends the file. The bucket redirects the guest back here."""
    upload = get_object_or_404(Upload.objects.of(guest).filter(is_plain=True), pk=upload_id)
    if not (upload.is_open and upload.has_quota):
        return redirect(guest.request.path)
    context = {
        "file_request": guest.request,
        "upload": upload,
        "form": upload.presign_form(back=_path_of(guest, upload)),
        # S3 adds bucket, key and etag to the address it redirects to; SeaweedFS adds them too.
        "has_arrived": "etag" in request.GET or "key" in request.GET,
    }
    return render(request, "requests/upload.html", context)


@require_POST
@for_guests
@waits_for_bucket
def complete_upload(request: HttpRequest, guest: Guest, upload_id: UUID) -> HttpResponse:
    upload = get_object_or_404(Upload.objects.of(guest), pk=upload_id)
    try:
        upload.complete()
    except NotArrived as error:
        messages.error(request, str(error))
        return redirect(_path_of(guest, upload))
    except (FilesError, StorageError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(name)s” has been sent.") % {"name": upload.file.name})
        warn_if_empty(request, upload.file)
    return redirect(guest.request.path)


@require_POST
@for_guests
def delete_upload(request: HttpRequest, guest: Guest, upload_id: UUID) -> HttpResponse:
    upload = get_object_or_404(Upload.objects.of(guest), pk=upload_id)
    try:
        guest.delete_upload(upload)
    except FilesError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(name)s” has been deleted.") % {"name": upload.file.name})
    return redirect(guest.request.path)
