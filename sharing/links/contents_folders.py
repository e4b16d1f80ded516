"""The folders in which the files of a link lie, for its page. They are no rows of their own."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sharing.links.contents import PathTotal
    from sharing.links.offers import Offer


@dataclass(frozen=True)
class ContentsFolder:
    """A folder with all that lies in it and below: the number and the bytes, and on a short page the files."""

    path: str
    name: str
    count: int
    size: int
    offers: "Sequence[Offer]"

    @property
    def is_gallery(self) -> bool:
        return is_gallery(self.offers)


def is_in(path: str, folder: str) -> bool:
    """True if a file with this path lies in the folder or below it; "" holds all."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def is_gallery(offers: "Sequence[Offer]") -> bool:
    """True if these are several files, and all are pictures with thumbnails that can be previewed."""
    return len(offers) > 1 and all(offer.has_thumbnail and offer.has_preview for offer in offers)


def common_folder(totals: "Iterable[PathTotal]") -> str:
    """Return the deepest folder that holds all files, "" for none."""
    common: list[str] | None = None
    for total in totals:
        steps = total.path.split("/") if total.path else []
        if common is None:
            common = steps
        alike = 0
        for one, other in zip(common, steps, strict=False):
            if one != other:
                break
            alike += 1
        common = common[:alike]
    return "/".join(common or [])


def folders_in(
    folder: str, totals: "Iterable[PathTotal]", offers: "Sequence[Offer]" = ()
) -> list[ContentsFolder]:
    """Return the folders right in this one, "" for the top, with those of the offers that lie in them."""
    start = len(folder) + 1 if folder else 0
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for total in totals:
        if total.path != folder and is_in(total.path, folder):
            name = total.path[start:].partition("/")[0]
            counts[name] += total.count
            sizes[name] += total.size
    held: dict[str, list[Offer]] = {name: [] for name in counts}
    for offer in offers:
        path = offer.file.path
        if path != folder and is_in(path, folder):
            held[path[start:].partition("/")[0]].append(offer)
    prefix = f"{folder}/" if folder else ""
    return [
        ContentsFolder(f"{prefix}{name}", name, counts[name], sizes[name], held[name])
        for name in sorted(counts)
    ]
