"""The one way in: start, sign parts, complete; ask what arrived; cancel."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from sharing.api.problems import NOTHING_HERE, Problem, declared, problem_of
from sharing.api.schemas import (
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
from sharing.api.senders import key_of, sender_of
from sharing.files import activity
from sharing.files.errors import InvalidPart, UploadUnknown
from sharing.files.models import Upload

UNFINISHED_SHOWN = 200
MOST_SHOWN = 1000


def _upload_of(request: HttpRequest, upload_id: UUID) -> Upload:
    return get_object_or_404(sender_of(request).uploads(), pk=upload_id)


def _json(answer: StartsOut | CompletionsOut | PartsOut) -> HttpResponse:
    """Written by pydantic alone: ninja would look at each of a hundred uploads or parts once more."""
    return HttpResponse(
        answer.model_dump_json(exclude_unset=True), content_type="application/json; charset=utf-8"
    )


def start(request: HttpRequest, data: UploadIn) -> Status[UploadOut]:
    """Announce a file: the answer says how to send it. The quota is reserved before a byte travels.

    200 instead of 201 where it was announced before under the same id.
    """
    (outcome,) = sender_of(request).start_all([data.spec()])
    if isinstance(outcome, Exception):
        raise outcome
    return Status(200 if outcome.is_repeated else 201, UploadOut.of(outcome))


def start_all(request: HttpRequest, data: UploadsIn) -> HttpResponse:
    """Announce many files at once. One that cannot start does not keep the others from it."""
    outcomes = sender_of(request).start_all([upload.spec() for upload in data.uploads])
    results = [
        RefusedOut(problem=Problem(**problem_of(outcome)))
        if isinstance(outcome, Exception)
        else StartedOut(upload=UploadOut.of(outcome))
        for outcome in outcomes
    ]
    return _json(StartsOut(results=results))


def complete_all(request: HttpRequest, data: CompletionsIn) -> HttpResponse:
    """Complete many uploads at once, each for itself. Safe to repeat."""
    uploads = list(sender_of(request).uploads().filter(pk__in=data.ids))
    outcomes: dict[UUID, Upload | Exception] = {
        upload.pk: outcome
        for upload, outcome in zip(uploads, Upload.objects.complete_all(uploads), strict=True)
    }
    nothing = UploadUnknown(NOTHING_HERE)
    results = [
        IncompleteOut(id=pk, problem=Problem(**problem_of(outcome)))
        if isinstance(outcome := outcomes.get(pk, nothing), Exception)
        else CompletedOut(id=pk, upload=UploadOut.of(outcome))
        for pk in data.ids
    ]
    return _json(CompletionsOut(results=results))


def unfinished(
    request: HttpRequest,
    limit: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = UNFINISHED_SHOWN,
    # Not the schemas' own Browser: of a Field before it, ninja would take the query for a body.
    browser: Annotated[str, Query(pattern=BROWSER)] = "",
) -> UploadsOut:
    """The uploads that are still open, newest first; of each, whether another browser than this one is sending it."""
    sender = sender_of(request)
    elsewhere = activity.sent_elsewhere(key_of(sender), browser)
    items = [UploadOut.of(upload) for upload in sender.unfinished()[:limit]]
    for item in items:
        item.is_sent_elsewhere = str(item.id) in elsewhere
    return UploadsOut(items=items)


def record_sending(request: HttpRequest, data: SendingIn) -> Status[None]:
    """Say which uploads this browser is sending now: to be repeated every half minute, and with none in the end."""
    activity.record_sending(key_of(sender_of(request)), data.browser, data.ids)
    return Status(204, None)


def show(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """What the bucket already has, and its digests: this is how resuming works. A form is signed afresh."""
    upload = _upload_of(request, upload_id)
    if upload.is_open:
        upload.require_quota()
    stored = [part.number for part in upload.stored_parts()]
    return UploadOut.of(upload, stored_parts=stored, digests=upload.digests())


def presign_parts(request: HttpRequest, upload_id: UUID, data: PartsIn) -> HttpResponse:
    """Presigned PUTs for these parts, each pinned to its length and its SHA-256."""
    digests = {part.number: part.sha256 for part in data.parts}
    if len(digests) < len(data.parts):
        raise InvalidPart("A part is listed twice.")
    signed = _upload_of(request, upload_id).presign_parts(digests)
    return _json(PartsOut(parts=[PartOut.of(part) for part in signed]))


def complete(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """Ask the bucket whether all is there, and mark the file ready. Safe to repeat."""
    upload = _upload_of(request, upload_id)
    upload.complete()
    return UploadOut.of(upload)


def cancel(request: HttpRequest, upload_id: UUID) -> Status[None]:
    """Drop what was sent and give the quota back."""
    _upload_of(request, upload_id).cancel(by=sender_of(request).actor)
    return Status(204, None)


def router_of(prefix: str = "", *refusals: int) -> Router:
    """The same operations for another kind of sender, who may be answered with these `refusals` to any of them.

    `prefix` keeps the names in the schema apart.
    """
    router = Router(tags=["uploads"])
    router.post(
        "",
        response={201: UploadOut, 200: UploadOut},
        openapi_extra=declared(*refusals, 404, 409),
        operation_id=f"{prefix}start_upload",
    )(start)
    router.post(
        "batch/",
        response=StartsOut,
        openapi_extra=declared(*refusals),
        operation_id=f"{prefix}start_all_uploads",
    )(start_all)
    router.post(
        "batch/completion/",
        response=CompletionsOut,
        openapi_extra=declared(*refusals),
        operation_id=f"{prefix}complete_all_uploads",
    )(complete_all)
    router.get(
        "", response=UploadsOut, openapi_extra=declared(*refusals), operation_id=f"{prefix}unfinished_uploads"
    )(unfinished)
    router.post(
        "sending/",
        response={204: None},
        openapi_extra=declared(*refusals),
        operation_id=f"{prefix}note_sending",
    )(record_sending)
    router.get(
        "{uuid:upload_id}/",
        response=UploadOut,
        openapi_extra=declared(*refusals, 404, 409, 502, 503),
        operation_id=f"{prefix}show_upload",
    )(show)
    router.post(
        "{uuid:upload_id}/parts/",
        response=PartsOut,
        openapi_extra=declared(*refusals, 404, 409, 502, 503),
        operation_id=f"{prefix}sign_parts_upload",
    )(presign_parts)
    router.post(
        "{uuid:upload_id}/completion/",
        response=UploadOut,
        openapi_extra=declared(*refusals, 404, 409, 502, 503),
        operation_id=f"{prefix}complete_upload",
    )(complete)
    router.delete(
        "{uuid:upload_id}/",
        response={204: None},
        openapi_extra=declared(*refusals, 404, 409),
        operation_id=f"{prefix}cancel_upload",
    )(cancel)
    return router
