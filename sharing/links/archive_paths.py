"""Paths of files in an archive that every operating system can unpack, and that leave its folder nowhere."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple, Protocol

from sharing.storage.saved_names import safe_name

# Of the folders in a path. The shortest limit for a whole path is 1,024 bytes, on macOS, with the folder that is
# unpacked into.
_MAX_FOLDER_BYTES = 600


class Placed(Protocol):
    """A file, or the place that it is to have: its folder, "" for none, and its name."""

    @property
    def path(self) -> str: ...

    @property
    def name(self) -> str: ...


class Place(NamedTuple):
    path: str
    name: str


class ArchivePaths:
    """Gives each file a path that is unique on any file system, and that leads through no other file.

    Some file systems ignore case, how accents are composed (NFC, NFD), and characters without a width. A file and a
    folder of one name collide everywhere.
    """

    def __init__(
        self, files: Iterable[Placed], *, keep_dots: bool = False, reserved: Iterable[str] = ()
    ) -> None:
        self._keep_dots = keep_dots
        self._taken = {_key(path) for path in reserved}
        self._numbers: dict[str, int] = {}
        self._folders: dict[tuple[str, ...], str] = {(): ""}
        files = list(files)
        # Folders first: a file that is called like one of them is the one to get a number.
        folders = [self._folder(file.path) for file in files]
        self.paths = [
            self.unique(self._step(folder, file.name)) for folder, file in zip(folders, files, strict=True)
        ]

    def unique(self, path: str) -> str:
        """Return this path, or the same with a number if it is taken, and take it."""
        key = _key(path)
        unique = path
        while _key(unique) in self._taken:
            self._numbers[key] = number = self._numbers.get(key, 1) + 1
            unique = _numbered(path, number)
        self._taken.add(_key(unique))
        return unique

    def _folder(self, path: str) -> str:
        """Return a folder of the archive for a path. Files of one folder stay together, those of two apart."""
        steps: tuple[str, ...] = ()
        for step in path.split("/") if path else []:
            parent, steps = self._folders[steps], (*steps, unicodedata.normalize("NFC", step))
            if steps not in self._folders:
                inner = self._step(parent, step)
                # A file that would lie too deep for some systems goes into the last folder that does not.
                is_too_deep = len(inner.encode()) > _MAX_FOLDER_BYTES
                self._folders[steps] = parent if is_too_deep else self.unique(inner)
        return self._folders[steps]

    def _step(self, folder: str, name: str) -> str:
        # Composed, as all but old disks of macOS have it; bsdtar composes what it unpacks.
        name = safe_name(unicodedata.normalize("NFC", name), keep_dots=self._keep_dots)
        return f"{folder}/{name}" if folder else name


def archive_paths(files: Iterable[Placed]) -> list[str]:
    """Return a relative path for each file, from ArchivePaths."""
    return ArchivePaths(files).paths


def _numbered(path: str, number: int) -> str:
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    return f"{folder}{slash}{stem} ({number}){dot}{suffix}"


def _key(path: str) -> str:
    """Return the same key for all paths that collide on some file system. A slash composes with nothing."""
    return "/".join(map(_key_of_step, path.split("/")))


# A path is looked at several times, and many files share their folders.
@lru_cache(maxsize=10_000)
def _key_of_step(step: str) -> str:
    """Return the step without case and zero-width characters (Unicode 15, section 3.13, D145)."""
    key = unicodedata.normalize("NFC", step).casefold()
    key = _formatting().sub("", key)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", key.upper()).casefold())


@cache
def _formatting() -> re.Pattern[str]:
    """Return what finds characters of the category Cf, all of which lie in these ranges. Takes 20 ms, once."""
    codes = (*range(0x20000), *range(0xE0000, 0xE1000))
    found = (chr(code) for code in codes if unicodedata.category(chr(code)) == "Cf")
    return re.compile(f"[{re.escape(''.join(found))}]")
