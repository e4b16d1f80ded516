"""The one way in: start, sign parts, complete; ask what arrived; cancel."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from sharing.accounts.http import signed_in_user
from sharing.api.problems import NOTHING_HERE, declared, problem_of
from sharing.api.schemas import (
    CompletionsIn,
    CompletionsOut,
    PartOut,
    PartsIn,
    PartsOut,
    StartsOut,
    UploadIn,
    UploadOut,
    UploadsIn,
    UploadsOut,
)
from sharing.files.errors import InvalidPart, UploadUnknown
from sharing.files.models import Upload

UNFINISHED_SHOWN = 200
MOST_SHOWN = 1000

router = Router(tags=["uploads"])


def _upload_of(request: HttpRequest, upload_id: UUID) -> Upload:
    return get_object_or_404(Upload.objects.owned_by(signed_in_user(request)), pk=upload_id)


def _result(outcome: Upload | Exception) -> dict[str, Any]:
    if isinstance(outcome, Exception):
        return {"problem": problem_of(outcome)}
    return {"upload": UploadOut.of(outcome)}


@router.post("", response={201: UploadOut, 200: UploadOut}, openapi_extra=declared(404, 409))
def start(request: HttpRequest, data: UploadIn) -> Status[UploadOut]:
    """Announce a file: the answer says how to send it. The quota is reserved before a byte travels.

    200 instead of 201 where it was announced before under the same id.
    """
    (outcome,) = Upload.objects.start_all(owner=signed_in_user(request), announcements=[data.announcement()])
    if isinstance(outcome, Exception):
        raise outcome
    return Status(200 if outcome.is_repeated else 201, UploadOut.of(outcome))


@router.post("batch/", response=StartsOut, exclude_unset=True, openapi_extra=declared())
def start_all(request: HttpRequest, data: UploadsIn) -> StartsOut:
    """Announce many files at once. One that cannot start does not keep the others from it."""
    outcomes = Upload.objects.start_all(
        owner=signed_in_user(request), announcements=[upload.announcement() for upload in data.uploads]
    )
    return StartsOut.model_validate({"results": [_result(outcome) for outcome in outcomes]})


@router.post("batch/completion/", response=CompletionsOut, exclude_unset=True, openapi_extra=declared())
def complete_all(request: HttpRequest, data: CompletionsIn) -> CompletionsOut:
    """Complete many uploads at once, each for itself. Safe to repeat."""
    uploads = list(Upload.objects.owned_by(signed_in_user(request)).filter(pk__in=data.ids))
    outcomes: dict[UUID, Upload | Exception] = {
        upload.pk: outcome
        for upload, outcome in zip(uploads, Upload.objects.complete_all(uploads), strict=True)
    }
    nothing = UploadUnknown(NOTHING_HERE)
    return CompletionsOut.model_validate(
        {"results": [{"id": pk, **_result(outcomes.get(pk, nothing))} for pk in data.ids]}
    )


@router.get("", response=UploadsOut, openapi_extra=declared())
def unfinished(
    request: HttpRequest, limit: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = UNFINISHED_SHOWN
) -> UploadsOut:
    """The uploads that are still open, newest first."""
    uploads = Upload.objects.owned_by(signed_in_user(request)).filter(state=Upload.State.OPEN)
    return UploadsOut(items=[UploadOut.of(upload) for upload in uploads[:limit]])


@router.get("{uuid:upload_id}/", response=UploadOut, openapi_extra=declared(404, 502, 503))
def show(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """What the bucket already has: this is how resuming works. A form is signed afresh."""
    upload = _upload_of(request, upload_id)
    return UploadOut.of(upload, stored_parts=[part.number for part in upload.stored_parts()])


@router.post("{uuid:upload_id}/parts/", response=PartsOut, openapi_extra=declared(404, 409, 502, 503))
def sign_parts(request: HttpRequest, upload_id: UUID, data: PartsIn) -> PartsOut:
    """Presigned PUTs for these parts, each pinned to its length and its SHA-256."""
    digests = {part.number: part.sha256 for part in data.parts}
    if len(digests) < len(data.parts):
        raise InvalidPart("A part is listed twice.")
    return PartsOut(parts=[PartOut.of(part) for part in _upload_of(request, upload_id).sign_parts(digests)])


@router.post("{uuid:upload_id}/completion/", response=UploadOut, openapi_extra=declared(404, 409, 502, 503))
def complete(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """Ask the bucket whether all is there, and mark the file ready. Safe to repeat."""
    upload = _upload_of(request, upload_id)
    upload.complete()
    return UploadOut.of(upload)


@router.delete("{uuid:upload_id}/", response={204: None}, openapi_extra=declared(404, 409))
def cancel(request: HttpRequest, upload_id: UUID) -> Status[None]:
    """Drop what was sent and give the quota back."""
    _upload_of(request, upload_id).cancel(by=signed_in_user(request))
    return Status(204, None)
