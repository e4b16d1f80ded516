"""Uploads: how they start, their parts, and how they are completed."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt

from sharing.api.problems import Problem
from sharing.api.schemas.fields import Sha256
from sharing.api.schemas.files import FileOut
from sharing.files.activity import MAX_IDS
from sharing.files.models import Upload, UploadSpec
from sharing.storage.presigning import PresignedPart

MAX_PARTS_PER_REQUEST = 100
MAX_UPLOADS_PER_REQUEST = 100

Checksum = Literal["sha256", "none"]


class UploadIn(BaseModel):
    """A file that is about to be sent. Announced again under the same `id`, it is the same upload."""

    id: Annotated[
        UUID | None, Field(description="Chosen by the client, so that a start can be repeated.")
    ] = None
    name: Annotated[str, Field(description="The file's own name.")]
    size: Annotated[StrictInt, Field(ge=0, le=2**63 - 1, description="In bytes.")]
    type: Annotated[str, Field(description="Media type; empty when not known.")] = ""
    path: Annotated[str, Field(description="The folder it lies in, relative.")] = ""
    checksum: Annotated[Checksum, Field(description="Whether each request is pinned to its SHA-256.")] = (
        "none"
    )
    sha256: Sha256 = ""
    last_modified: Annotated[
        StrictInt | None,
        Field(
            description="Milliseconds since 1970, as a browser's File has it. One that cannot be is dropped."
        ),
    ] = None

    unless_there: Annotated[
        bool,
        Field(
            description="Begin nothing where you have sent the same before, with the same date, and it is there:"
            " the answer is the upload that brought it. One that came in parts is found by name, folder, size and"
            " date alone: before you take it for the same, show it and compare its `digests`. Without SHA-256"
            " nothing is found."
        ),
    ] = False

    def spec(self) -> UploadSpec:
        return UploadSpec(
            id=self.id,
            name=self.name,
            size=self.size,
            content_type=self.type,
            path=self.path,
            with_sha256=self.checksum == "sha256",
            sha256=self.sha256,
            last_modified=self.last_modified,
            unless_there=self.unless_there,
        )


class UploadsIn(BaseModel):
    """Files that are about to be sent, each for itself."""

    uploads: Annotated[list[UploadIn], Field(min_length=1, max_length=MAX_UPLOADS_PER_REQUEST)]


BROWSER = r"^[A-Za-z0-9-]{0,64}$"
Browser = Annotated[
    str, Field(pattern=BROWSER, description="What a browser calls itself; any name of its own.")
]


class SendingIn(BaseModel):
    """The uploads that a browser is sending at this moment."""

    browser: Browser
    ids: Annotated[list[UUID], Field(max_length=MAX_IDS)]


class CompletionsIn(BaseModel):
    """Uploads that have been sent, each for itself."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_UPLOADS_PER_REQUEST)]


class PartIn(BaseModel):
    number: Annotated[StrictInt, Field(ge=1, le=10_000)]
    sha256: Sha256 = ""


class PartsIn(BaseModel):
    """The parts to presign: ask just before sending them."""

    parts: Annotated[list[PartIn], Field(min_length=1, max_length=MAX_PARTS_PER_REQUEST)]


class PartOut(BaseModel):
    """One PUT: with exactly these headers, and `size` bytes."""

    number: int
    size: int
    url: str
    headers: dict[str, str]

    @classmethod
    def of(cls, part: PresignedPart) -> Self:
        return cls(number=part.number, size=part.size, url=part.url, headers=part.headers)


class PartsOut(BaseModel):
    parts: list[PartOut]


class FormOut(BaseModel):
    """A multipart/form-data POST: `fields` first, then the file as `file`."""

    url: str
    fields: dict[str, str]


class UploadOut(BaseModel):
    id: UUID
    state: str
    method: Literal["form", "parts"]
    size: int
    part_size: int
    part_count: int
    checksum: Checksum
    expires_at: datetime
    file: FileOut
    form: FormOut | None
    stored_parts: Annotated[list[int], Field(description="Numbers of the parts that the bucket has.")]
    digests: Annotated[
        list[str],
        Field(
            description="Of an upload asked for by itself: the SHA-256 of each of its parts, in their order, or of"
            " the whole where one form takes it, in base64. A file that has all of them is the one that was sent."
        ),
    ] = []
    is_sent_elsewhere: Annotated[
        bool, Field(description="In the list alone: whether another browser is sending it now.")
    ] = False

    @classmethod
    def of(
        cls, upload: Upload, *, stored_parts: list[int] | None = None, digests: list[str] | None = None
    ) -> Self:
        takes_form = upload.is_open and not upload.is_multipart and upload.has_quota
        form = upload.presign_form() if takes_form else None
        return cls(
            id=upload.id,
            state=upload.state,
            method="parts" if upload.is_multipart else "form",
            size=upload.file.size,
            part_size=upload.part_size,
            part_count=upload.plan.part_count,
            checksum="sha256" if upload.with_sha256 else "none",
            expires_at=upload.expires_at,
            file=FileOut.of(upload.file),
            form=FormOut(url=form.url, fields=form.fields) if form else None,
            stored_parts=stored_parts or [],
            digests=digests or [],
        )


class UploadsOut(BaseModel):
    items: list[UploadOut]


class StartedOut(BaseModel):
    """An upload that was started."""

    upload: UploadOut


class RefusedOut(BaseModel):
    problem: Problem


class StartsOut(BaseModel):
    """In the order in which they were asked for."""

    results: list[StartedOut | RefusedOut]


class CompletedOut(BaseModel):
    id: UUID
    upload: UploadOut


class IncompleteOut(BaseModel):
    id: UUID
    problem: Problem


class CompletionsOut(BaseModel):
    """In the order in which they were asked for."""

    results: list[CompletedOut | IncompleteOut]
