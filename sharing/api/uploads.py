"""The one way in: start, sign parts, complete; ask what arrived; cancel."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from sharing.accounts.http import signed_in_user
from sharing.api.schemas import PartOut, PartsIn, PartsOut, UploadIn, UploadOut, UploadsOut
from sharing.files.errors import InvalidPart
from sharing.files.models import Upload

UNFINISHED_SHOWN = 200

router = Router(tags=["uploads"])


def _upload_of(request: HttpRequest, upload_id: UUID) -> Upload:
    return get_object_or_404(Upload.objects.owned_by(signed_in_user(request)), pk=upload_id)


@router.post("", response={201: UploadOut})
def start(request: HttpRequest, data: UploadIn) -> Status[UploadOut]:
    """Announce a file: the answer says how to send it. The quota is reserved before a byte travels."""
    upload = Upload.objects.start(
        owner=signed_in_user(request),
        name=data.name,
        size=data.size,
        content_type=data.type,
        path=data.path,
        with_sha256=data.checksum == "sha256",
        sha256=data.sha256,
    )
    return Status(201, UploadOut.of(upload))


@router.get("", response=UploadsOut)
def unfinished(request: HttpRequest) -> UploadsOut:
    """The uploads that are still open, newest first."""
    uploads = Upload.objects.owned_by(signed_in_user(request)).filter(state=Upload.State.OPEN)
    return UploadsOut(items=[UploadOut.of(upload) for upload in uploads[:UNFINISHED_SHOWN]])


@router.get("{upload_id}/", response=UploadOut)
def show(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """What the bucket already has: this is how resuming works. A form is signed afresh."""
    upload = _upload_of(request, upload_id)
    return UploadOut.of(upload, stored_parts=[part.number for part in upload.stored_parts()])


@router.post("{upload_id}/parts/", response=PartsOut)
def sign_parts(request: HttpRequest, upload_id: UUID, data: PartsIn) -> PartsOut:
    """Presigned PUTs for these parts, each pinned to its length and its SHA-256."""
    digests = {part.number: part.sha256 for part in data.parts}
    if len(digests) < len(data.parts):
        raise InvalidPart("A part is listed twice.")
    return PartsOut(parts=[PartOut.of(part) for part in _upload_of(request, upload_id).sign_parts(digests)])


@router.post("{upload_id}/completion/", response=UploadOut)
def complete(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """Ask the bucket whether all is there, and mark the file ready. Safe to repeat."""
    upload = _upload_of(request, upload_id)
    upload.complete()
    return UploadOut.of(upload)


@router.delete("{upload_id}/", response={204: None})
def cancel(request: HttpRequest, upload_id: UUID) -> Status[None]:
    """Drop what was sent and give the quota back."""
    _upload_of(request, upload_id).cancel(by=signed_in_user(request))
    return Status(204, None)
