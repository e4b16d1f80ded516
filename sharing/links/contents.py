"""The contents of a link now, as values: the number and the size of its files, in all and of each folder."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sharing.files.models import File


class ContentsAnnotations(TypedDict):
    """Annotations that LinkQuerySet.with_contents() adds to a link."""

    present_count: int
    ready_count: int
    available_count: int
    total_size: int
    first_name: str
    # Downloads by all addresses, but for repeats.
    download_count: int
    # True if it was mailed to recipients, who have addresses of their own.
    is_mailed: bool


class Counts(Protocol):
    """Counts of a link that Contents are made of: ContentsAnnotations as attributes, which a TypedDict cannot state."""

    present_count: int
    ready_count: int
    available_count: int
    total_size: int
    first_name: str


class Offered(Protocol):
    """One file as a visitor finds it: an Offer."""

    @property
    def file(self) -> "File": ...

    @property
    def is_available(self) -> bool: ...


@dataclass(frozen=True)
class PathTotal:
    """The number and the bytes of the files whose folder is exactly this path, "" for those in none."""

    path: str
    count: int
    size: int


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The files of a link that are not deleted. `size` is in bytes; `first_name` is "" without files.

    A file is ready once it is verified, and available while it is ready and not used up.
    """

    count: int
    ready_count: int
    available_count: int
    size: int
    first_name: str

    @classmethod
    def counted(cls, link: Counts) -> Self:
        """Return the contents that the database has counted, for whoever has the link's plain address."""
        return cls(
            count=link.present_count,
            ready_count=link.ready_count,
            available_count=link.available_count,
            size=link.total_size,
            first_name=link.first_name,
        )

    @classmethod
    def of(cls, offers: "Sequence[Offered]") -> Self:
        """Return the contents as one visitor finds them."""
        files = [offer.file for offer in offers]
        return cls(
            count=len(files),
            ready_count=sum(file.is_ready for file in files),
            available_count=sum(offer.is_available for offer in offers),
            size=sum(file.size for file in files),
            first_name=min((file.name for file in files), default=""),
        )
