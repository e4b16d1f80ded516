"""The thumbnail of a picture, sent by whoever sent the picture: a user or a guest."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from sharing.api.problems import declared
from sharing.api.schemas import FormOut, ThumbnailIn
from sharing.api.senders import sender_of
from sharing.files.models import File


def _picture_of(request: HttpRequest, file_id: UUID) -> File:
    return get_object_or_404(sender_of(request).pictures(), pk=file_id)


def send(request: HttpRequest, file_id: UUID, data: ThumbnailIn) -> FormOut:
    """The form that takes a thumbnail of a picture. It is shown once its completion was asked for."""
    form = _picture_of(request, file_id).presign_thumbnail_form(size=data.size, sha256=data.sha256)
    return FormOut(url=form.url, fields=form.fields)


def keep(request: HttpRequest, file_id: UUID) -> Status[None]:
    """Ask the bucket for the thumbnail, and show it from now on. Safe to repeat."""
    _picture_of(request, file_id).verify_thumbnail(by=sender_of(request).actor)
    return Status(204, None)


def router_of(prefix: str = "", *refusals: int) -> Router:
    """The same operations for another kind of sender, as those of uploads are."""
    router = Router(tags=["files"])
    router.post(
        "{uuid:file_id}/thumbnail/",
        response=FormOut,
        openapi_extra=declared(*refusals, 404),
        operation_id=f"{prefix}send_thumbnail",
    )(send)
    router.post(
        "{uuid:file_id}/thumbnail/completion/",
        response={204: None},
        openapi_extra=declared(*refusals, 404, 409, 502, 503),
        operation_id=f"{prefix}keep_thumbnail",
    )(keep)
    return router
