"""Files by API: their direct URLs."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from sharing.accounts.http import signed_in_user
from sharing.api.problems import declared
from sharing.api.schemas.files import DirectURLIn, DirectURLOut
from sharing.files.models import File

router = Router(tags=["files"])


def _file_of(request: HttpRequest, file_id: UUID) -> File:
    file: File = get_object_or_404(signed_in_user(request).files.ready(), pk=file_id)
    return file


@router.post(
    "{uuid:file_id}/direct-urls/",
    response={201: DirectURLOut},
    openapi_extra=declared(404, 409),
    # Clients are generated from the schema: the id stays as it was first published.
    operation_id="sharing_api_files_hand_out",
)
def create_direct_url(request: HttpRequest, file_id: UUID, data: DirectURLIn) -> Status[DirectURLOut]:
    """Create a direct URL: whoever has it can fetch the file, and nothing is counted."""
    url, made = _file_of(request, file_id).create_direct_url(
        seconds=data.expires_in, by=signed_in_user(request)
    )
    return Status(201, DirectURLOut(url=url, expires_at=made.expires_at))


@router.delete("{uuid:file_id}/direct-urls/", response={204: None}, openapi_extra=declared(404))
def revoke(request: HttpRequest, file_id: UUID) -> Status[None]:
    """Revoke all direct URLs of a file: they die as soon as the bucket has copied it to a new key."""
    _file_of(request, file_id).revoke_direct_urls(by=signed_in_user(request))
    return Status(204, None)
