"""Requests and responses of the API. Bounds here refuse the absurd; the rules themselves are in the models.

These are pydantic's models, not ninja's: those read each attribute in Python, which takes twice as long.
"""

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StrictInt

from sharing.addresses.expiry import expiry_of
from sharing.api.problems import Problem
from sharing.files.activity import MAX_IDS
from sharing.files.models import File, Upload, UploadSpec
from sharing.links.mail_forms import MAX_TEXT
from sharing.links.rules import MAX_FILES, Card
from sharing.storage.presigning import MAX_URL_SECONDS, PresignedPart

if TYPE_CHECKING:
    from sharing.links.models.link import CountedLink

MAX_PARTS_PER_REQUEST = 100
MAX_UPLOADS_PER_REQUEST = 100

Checksum = Literal["sha256", "none"]
# How long names, paths and digests may be is said by the rules of the files app, for each upload of a batch alone.
Sha256 = Annotated[str, Field(description="SHA-256 of the bytes, in base64.")]


def _storable(text: str) -> str:
    if any(unicodedata.category(char) == "Cs" or char == "\0" for char in text):
        raise ValueError(_("The text contains characters that can't be saved."))
    return text


Text = Annotated[str, AfterValidator(_storable)]


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


class FileOut(BaseModel):
    id: UUID
    name: str
    path: str
    size: int
    type: str
    state: Literal["arriving", "ready", "deleted"]
    check: str
    sha256: str
    url: str
    created_at: datetime
    modified_at: datetime | None

    @classmethod
    def of(cls, file: File) -> Self:
        return cls(
            id=file.id,
            name=file.name,
            path=file.path,
            size=file.size,
            type=file.content_type,
            state="deleted" if file.is_deleted else "ready" if file.is_ready else "arriving",
            check=file.check_made,
            sha256=file.sha256,
            url=file.get_absolute_url(),
            created_at=file.created_at,
            modified_at=file.modified_at,
        )


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


class DirectURLIn(BaseModel):
    """As `aws s3 presign` takes it."""

    expires_in: Annotated[
        StrictInt, Field(ge=1, le=MAX_URL_SECONDS, description="In seconds, a week at most.")
    ] = 3600


class DirectURLOut(BaseModel):
    """Shown this once: it is kept nowhere."""

    url: str
    expires_at: datetime


class ThumbnailIn(BaseModel):
    """A JPEG that the browser made of a picture, small enough for a list."""

    size: Annotated[StrictInt, Field(description="In bytes, 32 KiB at most.")]
    sha256: Sha256


Expiry = Literal["hour", "day", "week", "month", "none"]
Title = Annotated[Text, Field(max_length=200)]
Message = Annotated[Text, Field(max_length=2000)]
DownloadLimit = Annotated[
    StrictInt | None, Field(description="How often it gives each of its files; null for any number.")
]
NewPassword = Annotated[Text, Field(description="At least four characters; empty for none.")]


def _chosen_expiry(expires_at: datetime | None, preset: str | None) -> dict[str, datetime | None]:
    """Return `expires_at` as a rule; nothing where neither is given. Raises InvalidExpiry."""
    if expires_at:
        return {"expires_at": expires_at}
    return {"expires_at": expiry_of(preset)} if preset else {}


class LinkIn(BaseModel):
    """A link to files of yours, which may still be on their way. `expires_at` wins over `expiry`."""

    files: Annotated[list[UUID], Field(min_length=1, max_length=MAX_FILES)]
    expiry: Annotated[Expiry | None, Field(description="Null for your own default.")] = None
    expires_at: AwareDatetime | None = None
    title: Title = ""
    message: Message = ""
    download_limit: DownloadLimit = None
    password: NewPassword = ""
    name: Annotated[Text, Field(max_length=200, description="The readable part of its address.")] = ""
    previews_allowed: Annotated[
        bool | None,
        Field(
            description="Whether files can be looked at before, which a limit rules out; null for your own default."
        ),
    ] = None
    card_shows: Annotated[
        Card, Field(description="What a chat tells of it: nothing ever of a link with a password.")
    ] = Card.SENDER

    @property
    def rules(self) -> dict[str, Any]:
        """Return the rules that were chosen, as `Rules.default_for` takes them. Raises InvalidExpiry."""
        names = {"download_limit", "password", "previews_allowed", "card_shows"}
        chosen = self.model_dump(include=names, exclude_none=True)
        return chosen | _chosen_expiry(self.expires_at, self.expiry)


class LinkFilesIn(BaseModel):
    """More files of yours for a link, which may still be on their way."""

    files: Annotated[list[UUID], Field(min_length=1, max_length=MAX_FILES)]


class LinkChangesIn(BaseModel):
    """Changes to a link; fields that are left out stay. `expires_at` wins over `expiry`."""

    expiry: Expiry | None = None
    expires_at: AwareDatetime | None = None
    title: Title = ""
    message: Message = ""
    download_limit: DownloadLimit = None
    password: NewPassword = ""

    @property
    def rules(self) -> dict[str, Any]:
        """Return the rules that were sent, as `Link.change_rules` takes them. Raises InvalidExpiry."""
        sent = self.model_dump(exclude_unset=True, exclude={"expiry", "expires_at"})
        return sent | _chosen_expiry(self.expires_at, self.expiry)


class RecipientsIn(BaseModel):
    """People to whom a link is emailed, each under an address of their own."""

    to: Annotated[
        Text,
        Field(
            max_length=MAX_TEXT, description="Addresses as they are typed or pasted, with or without names."
        ),
    ]
    message: Message = ""


class RecipientsOut(BaseModel):
    """`mailed` counts the new recipients; `had_it` those to whom the link was mailed before: not again.

    Not `is_delivered`: no mail server is set up, and the mails lie in a folder of the site.
    """

    mailed: int
    had_it: int
    is_delivered: bool


class LinkOut(BaseModel):
    id: str
    url: str
    page_url: str
    state: str
    title: str
    name: str
    expires_at: datetime | None
    download_limit: int | None
    has_password: bool
    previews_allowed: bool
    card_shows: Card
    downloads: int
    views: int

    @classmethod
    def of(cls, link: "CountedLink") -> Self:
        return cls(
            id=link.public_id,
            url=link.url,
            page_url=link.get_absolute_url(),
            state=link.state,
            title=link.title,
            name=link.slug,
            expires_at=link.expires_at,
            download_limit=link.download_limit,
            has_password=bool(link.password),
            previews_allowed=link.previews_allowed,
            card_shows=Card(link.card_shows),
            downloads=link.download_count,
            views=link.view_count,
        )
