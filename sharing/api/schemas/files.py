"""Files, their direct URLs and their thumbnails."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt

from sharing.api.schemas.fields import Sha256
from sharing.files.models import File
from sharing.storage.presigning import MAX_URL_SECONDS


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
