"""Thumbnails by API, sent by whoever sent the picture: a user or a guest."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Status

from sharing.api.schemas.files import ThumbnailIn
from sharing.api.schemas.uploads import FormOut
from sharing.api.senders import SenderRouter, sender_of
from sharing.files.models import File
from sharing.http.waiting import waits_for_bucket

router = SenderRouter(tag="files")


def _image_of(request: HttpRequest, file_id: UUID) -> File:
    return get_object_or_404(File.objects.ready().filter(sender_of(request).images()), pk=file_id)


@router.post("{uuid:file_id}/thumbnail/", name="send_thumbnail", response=FormOut, refusals=(404,))
def presign_thumbnail_form(request: HttpRequest, file_id: UUID, data: ThumbnailIn) -> FormOut:
    """Return a form for a picture's thumbnail, which is shown after its completion."""
    form = _image_of(request, file_id).presign_thumbnail_form(size=data.size, sha256=data.sha256)
    return FormOut(url=form.url, fields=form.fields)


@router.post(
    "{uuid:file_id}/thumbnail/completion/",
    name="keep_thumbnail",
    response={204: None},
    refusals=(404, 409, 502, 503),
)
@waits_for_bucket
def verify_thumbnail(request: HttpRequest, file_id: UUID) -> Status[None]:
    """Complete the thumbnail: it is shown from now on. Safe to repeat."""
    _image_of(request, file_id).verify_thumbnail(by=sender_of(request).actor)
    return Status(204, None)
