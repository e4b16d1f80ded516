"""The folders in which an owner's files lie: the steps of their paths. They are no rows of their own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import QuerySet

from sharing.files.models import File
from sharing.files.natural_order import natural_key

if TYPE_CHECKING:
    from sharing.accounts.models import User

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


def folders_in(owner: "User", parent: str, *, after: str = "", limit: int) -> list[str]:
    """Return the paths of the folders in `parent`, "" for the top, that follow `after`: `limit` of them at most.

    They are in the natural order of their names. Takes one query.
    """
    paths = sorted(_all_in(owner, parent), key=_in_order)
    following = [path for path in paths if _in_order(path) > _in_order(after)] if after else paths
    return following[:limit]


def _in_order(path: str) -> tuple[bytes, str]:
    return natural_key(path.rpartition("/")[2]), path


def _all_in(owner: "User", parent: str) -> set[str]:
    """Return the paths of all folders in `parent`: of each the database finds the next by an index.

    So it takes as long as there are folders, however many files lie in them.
    """
    prefix = f"{parent}/" if parent else ""
    following, order = ("~>~", "USING ~<~") if connection.vendor == "postgresql" else (">", "ASC")
    next_path = f"""
        SELECT path FROM files_file
        WHERE owner_id = %(owner)s AND deleted_at IS NULL AND ready_at IS NOT NULL
            AND path {following} CAST({{}} AS text)
        ORDER BY path {order} LIMIT 1"""  # noqa: S608 (one of two signs)
    rest = "substr(found.path, %(length)s + 1)"
    slash = f"{'strpos' if connection.vendor == 'postgresql' else 'instr'}({rest}, '/')"
    # Behind its own files come those of "a-2", which stands between "a" and "a/b"; behind those below it, what follows.
    behind = f"""
        CASE {slash} WHEN 0 THEN found.path
        ELSE substr(found.path, 1, %(length)s + {slash}) || %(last)s END"""
    statement = f"""
        WITH RECURSIVE found(path) AS (
            SELECT * FROM ({next_path.format("%(prefix)s")}) AS first
            UNION ALL
            SELECT ({next_path.format(behind)})
            FROM found WHERE substr(found.path, 1, %(length)s) = %(prefix)s
        )
        SELECT path FROM found WHERE substr(path, 1, %(length)s) = %(prefix)s"""  # noqa: S608 (nothing that is given)
    values: dict[str, str | int] = {"owner": owner.pk, "prefix": prefix, "length": len(prefix), "last": _LAST}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {prefix + path[len(prefix) :].partition("/")[0] for (path,) in cursor.fetchall()}
