"""Uploads by API: start, presign parts, complete; list what is unfinished; cancel."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Status

from sharing.api.problems import NOTHING_HERE, Problem, problem_of
from sharing.api.schemas.uploads import (
    BROWSER,
    CompletedOut,
    CompletionsIn,
    CompletionsOut,
    IncompleteOut,
    PartOut,
    PartsIn,
    PartsOut,
    RefusedOut,
    SendingIn,
    StartedOut,
    StartsOut,
    UploadIn,
    UploadOut,
    UploadsIn,
    UploadsOut,
)
from sharing.api.senders import SenderRouter, sender_of
from sharing.files import activity
from sharing.files.errors import InvalidPart, UploadUnknown
from sharing.files.models import Upload
from sharing.http.waiting import waits_for_bucket

UNFINISHED_SHOWN = 200
MAX_SHOWN = 1000

router = SenderRouter(tag="uploads")


def _upload_of(request: HttpRequest, upload_id: UUID) -> Upload:
    return get_object_or_404(Upload.objects.of(sender_of(request)), pk=upload_id)


def _json(answer: StartsOut | CompletionsOut | PartsOut) -> HttpResponse:
    """Serialise by pydantic alone: ninja would validate each of a hundred uploads or parts once more."""
    return HttpResponse(
        answer.model_dump_json(exclude_unset=True), content_type="application/json; charset=utf-8"
    )


@router.post("", name="start_upload", response={201: UploadOut, 200: UploadOut}, refusals=(404, 409))
def start(request: HttpRequest, data: UploadIn) -> Status[UploadOut]:
    """Start an upload: the answer says how to send the file. The quota is reserved before a byte travels.

    200 instead of 201 if it was started before under the same id.
    """
    (outcome,) = Upload.objects.start_all([data.spec()], sender=sender_of(request))
    if isinstance(outcome, Exception):
        raise outcome
    return Status(200 if outcome.is_repeated else 201, UploadOut.of(outcome))


@router.post("batch/", name="start_all_uploads", response=StartsOut)
def start_all(request: HttpRequest, data: UploadsIn) -> HttpResponse:
    """Start many uploads at once. One that is refused does not keep the others from starting."""
    outcomes = Upload.objects.start_all([upload.spec() for upload in data.uploads], sender=sender_of(request))
    results = [
        RefusedOut(problem=Problem(**problem_of(outcome)))
        if isinstance(outcome, Exception)
        else StartedOut(upload=UploadOut.of(outcome))
        for outcome in outcomes
    ]
    return _json(StartsOut(results=results))


@router.post("batch/completion/", name="complete_all_uploads", response=CompletionsOut)
@waits_for_bucket
def complete_all(request: HttpRequest, data: CompletionsIn) -> HttpResponse:
    """Complete many uploads at once, each for itself. Safe to repeat."""
    uploads = list(Upload.objects.of(sender_of(request)).filter(pk__in=data.ids))
    outcomes: dict[UUID, Upload | Exception] = {
        upload.pk: outcome
        for upload, outcome in zip(uploads, Upload.objects.complete_all(uploads), strict=True)
    }
    nothing = UploadUnknown(str(NOTHING_HERE))
    results = [
        IncompleteOut(id=pk, problem=Problem(**problem_of(outcome)))
        if isinstance(outcome := outcomes.get(pk, nothing), Exception)
        else CompletedOut(id=pk, upload=UploadOut.of(outcome))
        for pk in data.ids
    ]
    return _json(CompletionsOut(results=results))


@router.get("", name="unfinished_uploads", response=UploadsOut)
def unfinished(
    request: HttpRequest,
    limit: Annotated[int, Query(ge=1, le=MAX_SHOWN)] = UNFINISHED_SHOWN,
    # Not the schemas' own Browser: of a Field before it, ninja would take the query for a body.
    browser: Annotated[str, Query(pattern=BROWSER)] = "",
) -> UploadsOut:
    """List the open uploads, newest first, each with whether another browser than this one is sending it."""
    sender = sender_of(request)
    elsewhere = activity.sent_elsewhere(sender.key, browser)
    items = [UploadOut.of(upload) for upload in Upload.objects.unfinished(sender)[:limit]]
    for item in items:
        item.is_sent_elsewhere = str(item.id) in elsewhere
    return UploadsOut(items=items)


@router.post("sending/", name="note_sending", response={204: None})
def record_sending(request: HttpRequest, data: SendingIn) -> Status[None]:
    """Record which uploads this browser is sending now. Repeat it every half minute, and with none in the end."""
    activity.record_sending(sender_of(request).key, data.browser, data.ids)
    return Status(204, None)


@router.get("{uuid:upload_id}/", name="show_upload", response=UploadOut, refusals=(404, 409, 502, 503))
def show(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """Show what the bucket already has, and its digests, to resume an upload. A form is signed anew."""
    upload = _upload_of(request, upload_id)
    if upload.is_open:
        upload.require_quota()
    stored = [part.number for part in upload.stored_parts()]
    return UploadOut.of(upload, stored_parts=stored, digests=upload.digests())


@router.post(
    "{uuid:upload_id}/parts/", name="sign_parts_upload", response=PartsOut, refusals=(404, 409, 502, 503)
)
def presign_parts(request: HttpRequest, upload_id: UUID, data: PartsIn) -> HttpResponse:
    """Return presigned PUTs for these parts, each pinned to its length and its SHA-256."""
    digests = {part.number: part.sha256 for part in data.parts}
    if len(digests) < len(data.parts):
        raise InvalidPart(_("A part is listed twice."))
    signed = _upload_of(request, upload_id).presign_parts(digests)
    return _json(PartsOut(parts=[PartOut.of(part) for part in signed]))


@router.post(
    "{uuid:upload_id}/completion/", name="complete_upload", response=UploadOut, refusals=(404, 409, 502, 503)
)
@waits_for_bucket
def complete(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """Complete the upload: if the bucket has all bytes, the file is ready. Safe to repeat."""
    upload = _upload_of(request, upload_id)
    upload.complete()
    return UploadOut.of(upload)


@router.delete("{uuid:upload_id}/", name="cancel_upload", response={204: None}, refusals=(404, 409))
def cancel(request: HttpRequest, upload_id: UUID) -> Status[None]:
    """Cancel the upload: what was sent is deleted, and the quota is released."""
    _upload_of(request, upload_id).cancel(by=sender_of(request).actor)
    return Status(204, None)
