"""A client's claims about a file that it is about to send, and their checks."""

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing import wording
from sharing.files.digests import parse_sha256
from sharing.files.errors import FileTooLarge, InvalidPart
from sharing.files.names import parse_name, parse_path, parse_type, storable
from sharing.storage.plan import MAX_OBJECT_SIZE, UploadPlan

# A clock may be wrong, or in another zone.
FUTURE_ALLOWED = timedelta(days=1)


@dataclass(frozen=True)
class UploadSpec:
    """A file to upload: `size` in bytes, `sha256` in base64 for a file that one form takes, `id` of the upload to be.

    `last_modified` is in milliseconds since 1970, as a browser's File has it; no file is refused for it. With
    `unless_there` no upload is created if the same file was sent before, with SHA-256, and is still there.
    """

    name: str
    size: int
    content_type: str = ""
    path: str = ""
    with_sha256: bool = False
    sha256: str = ""
    last_modified: int | None = None
    id: UUID | None = None
    unless_there: bool = False

    def parsed(self) -> "UploadSpec":
        """Return it checked and normalised. Raises InvalidName, InvalidPart, FileTooLarge."""
        largest = min(settings.MAX_FILE_SIZE, MAX_OBJECT_SIZE)
        if self.size > largest:
            raise FileTooLarge(
                _("The file is too large: %(size)s, and at most %(limit)s is allowed.")
                % {"size": wording.size(self.size), "limit": wording.size(largest)}
            )
        parsed = replace(
            self,
            name=parse_name(storable(self.name)),
            path=parse_path(storable(self.path)),
            content_type=parse_type(self.content_type),
            sha256=parse_sha256(self.sha256),
            last_modified=self._plausible_time(),
        )
        if not self.plan.is_multipart and self.with_sha256 != bool(parsed.sha256):
            raise InvalidPart(_("A file sent in one form is pinned by its own digest: include “sha256”."))
        return parsed

    @property
    def plan(self) -> UploadPlan:
        return UploadPlan.of(self.size)

    @property
    def may_be_there(self) -> bool:
        """True if a file that was sent before may be returned instead.

        Only with a date, or any file of that name and size would match, and with SHA-256, to compare the bytes.
        """
        return self.unless_there and self.last_modified is not None and self.with_sha256

    @property
    def modified_at(self) -> datetime | None:
        """Return `last_modified` as a datetime. Requires a parsed spec."""
        since = self.last_modified
        return None if since is None else datetime.fromtimestamp(since // 1000, UTC)

    @property
    def fingerprint(self) -> str:
        """Return a hash of the spec in base64 (44 characters). Specs of the same file have the same one."""
        said: list[object] = [
            self.name,
            self.size,
            self.content_type,
            self.path,
            self.with_sha256,
            self.sha256,
        ]
        if self.last_modified is not None:
            said.append(self.last_modified)
        return base64.b64encode(hashlib.sha256(json.dumps(said).encode()).digest()).decode()

    def _plausible_time(self) -> int | None:
        """Return the date that was given, or None for an impossible one: no file is refused for that."""
        latest = (timezone.now() + FUTURE_ALLOWED).timestamp() * 1000
        return self.last_modified if 0 <= (self.last_modified or 0) <= latest else None
