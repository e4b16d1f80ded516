"""The folders in which an owner's files lie: the steps of their paths. They are no rows of their own."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Lookup, OrderBy, QuerySet, Value

from sharing.files.models import File

# Files of a folder that are counted, at most.
COUNTED = 2000
# Behind every path that begins with what stands before it.
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Folder:
    """A folder with all that lies in it and below. `count` is one more than COUNTED where there are more files."""

    path: str
    count: int
    size: int

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def is_more(self) -> bool:
        return self.count > COUNTED

    @property
    def counted(self) -> int:
        """Return how many of its files are counted, where there are more."""
        return COUNTED

    @classmethod
    def of(cls, files: QuerySet[File], path: str) -> "Folder":
        """Return the folder with those of the files that it holds. Takes one query."""
        held: Any = files.in_folder(path)  # type: ignore[attr-defined]
        sizes = list(held.order_by().values_list("size", flat=True)[: COUNTED + 1])
        return cls(path, len(sizes), sum(sizes))


def steps(path: str) -> list[tuple[str, str]]:
    """Return each folder on the way to `path`, as its path and its name: `a`, `a/b`, `a/b/c`."""
    names = path.split("/") if path else []
    return [("/".join(names[: number + 1]), name) for number, name in enumerate(names)]


def folders_in(files: QuerySet[File], parent: str, *, after: str = "", limit: int) -> list[str]:
    """Return the paths of the folders in `parent`, "" for the top, that follow `after`: `limit` of them at most.

    Takes one or two queries for each, which find the next by an index, however many files lie between.
    """
    prefix = f"{parent}/" if parent else ""
    found: dict[str, None] = {}
    cursor = _behind(files, after) if after else prefix
    while len(found) < limit:
        path = _next_path(files, cursor)
        if path is None or not path.startswith(prefix):
            break
        child = prefix + path[len(prefix) :].partition("/")[0]
        # "a-2" stands between "a" and "a/b", so a folder may come twice.
        if path == child or not _came_before(files, child, after):
            found[child] = None
        cursor = path if path == child else f"{child}/{_LAST}"
    return list(found)


def _behind(files: QuerySet[File], folder: str) -> str:
    """Return where to look on after a folder: it came with its own files, or, without any, with those below it."""
    return folder if files.filter(path=folder).exists() else f"{folder}/{_LAST}"


def _came_before(files: QuerySet[File], child: str, after: str) -> bool:
    """Return True if a folder whose files below it are found now was found by its own files, up to `after`."""
    return child.encode() <= after.encode() and files.filter(path=child).exists()


def _next_path(files: QuerySet[File], cursor: str) -> str | None:
    rows = files.filter(_FollowsByBytes(F("path"), Value(cursor)))
    return rows.order_by(_ByBytes(F("path"))).values_list("path", flat=True).first()


class _FollowsByBytes(Lookup[bool]):
    """Compares texts by their bytes, as the index of paths has them on every database."""

    lookup_name = "follows_by_bytes"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return self._compared(">", compiler, connection)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return self._compared("~>~", compiler, connection)

    def _compared(self, sign: str, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} {sign} {right}", (*left_values, *right_values)


class _ByBytes(OrderBy):
    """Sorts texts by their bytes."""

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        # Django takes nothing for an order that does not end with ASC or DESC, which USING stands instead of.
        return self.as_sql(compiler, connection, template="%(expression)s USING ~<~ /* ASC */")
