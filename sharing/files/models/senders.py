"""Senders of uploads: the owner of the file, or somebody whom another app registers, such as a request's guest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.db.models import Q

from sharing.accounts.errors import QuotaExceeded
from sharing.audit.record import Actor
from sharing.files.errors import FilesError
from sharing.files.models.base import Counting, UploadBase

if TYPE_CHECKING:
    from sharing.accounts.models import User

# S3 takes at most 5 GiB in one POST or PUT.
MAX_FORM_SIZE = 5 * 1024**3

# Why an upload is not created.
type Refusal = FilesError | QuotaExceeded


class Sender(Counting, Protocol):
    """Whoever sends an upload, as creation, completion and the API see them."""

    @property
    def key(self) -> str:
        """Return what tells this sender from all others, such as "user-1"."""

    @property
    def actor(self) -> Actor:
        """Return who the audit log names."""

    @property
    def owner(self) -> "User":
        """Return whose bucket the files go to, and whose quota they take."""

    @property
    def max_form_size(self) -> int:
        """Return how many bytes a plain HTML form of theirs may bring at most."""

    def uploads(self) -> Q:
        """Return the condition of the uploads that they may see, complete and cancel."""

    def resumable(self) -> Q:
        """Return the condition of those uploads that a script of theirs can resume while they are open."""

    def images(self) -> Q:
        """Return the condition of the files that they may send thumbnails of."""

    def accept(self, uploads: Sequence[UploadBase]) -> Mapping[UUID, FilesError]:
        """Count these new uploads, and return why others of them are refused. Called in creation's transaction."""

    def record(self, uploads: Sequence[UploadBase]) -> None:
        """Save that these uploads are theirs. Called in creation's transaction, once they are saved."""

    def count_arrivals(self, files: int) -> None:
        """Count files that have arrived, for whoever waits for them. Called in completion's transaction."""

    def explain(self, refusal: Refusal) -> Refusal:
        """Return the refusal as this sender may read it."""


@dataclass(frozen=True)
class OwnerSender:
    """A user who sends into their own bucket. Only the quota limits them."""

    owner: "User"
    max_form_size: int = MAX_FORM_SIZE

    @property
    def key(self) -> str:
        return f"user-{self.owner.pk}"

    @property
    def actor(self) -> "User":
        return self.owner

    def uploads(self) -> Q:
        return Q(file__owner=self.owner)

    def resumable(self) -> Q:
        """Without the uploads of guests, which only the guest can resume."""
        return ~_sent_by_others()

    def images(self) -> Q:
        return Q(owner=self.owner)

    def accept(self, uploads: Sequence[UploadBase]) -> Mapping[UUID, FilesError]:
        return {}

    def record(self, uploads: Sequence[UploadBase]) -> None:
        """Do nothing: `File.owner` says it."""

    def release(self, *, files: int = 0, size: int = 0) -> None:
        """Do nothing: the caller releases the quota."""

    def count_arrivals(self, files: int) -> None:
        """Do nothing: owners know of their own uploads."""

    def explain(self, refusal: Refusal) -> Refusal:
        return refusal


@dataclass(frozen=True)
class SenderKind:
    """Senders other than owners. `find` returns the sender of each of these uploads that has one of this kind.

    `sent` selects all such uploads.
    """

    sent: Q
    find: "Callable[[Sequence[UploadBase]], Mapping[UUID, Sender]]"


_kinds: list[SenderKind] = []


def register_senders(kind: SenderKind) -> None:
    """Call it in `AppConfig.ready()`."""
    _kinds.append(kind)


def senders_of(uploads: Sequence[UploadBase]) -> dict[UUID, Sender]:
    """Return the sender of each upload, by its key. Takes one query for each registered kind."""
    senders: dict[UUID, Sender] = {upload.pk: OwnerSender(upload.file.owner) for upload in uploads}
    for kind in _kinds:
        senders |= kind.find(uploads)
    return senders


def _sent_by_others() -> Q:
    others = Q()
    for kind in _kinds:
        others |= kind.sent
    return others
