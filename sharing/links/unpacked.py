"""The paths of files in an archive, such that every system can unpack them and none is led astray."""

import unicodedata
from collections.abc import Iterable

from sharing.files.models import File
from sharing.storage.saved_names import safe_name

# Of the folders in a path. The shortest whole path that a system takes is 1,024 bytes, on macOS, and that is with the
# folder that is unpacked into.
_MAX_FOLDER_BYTES = 600


class UnpackedPaths:
    """Gives each file a path that no other has, on any system, and that leads through no file.

    Two names are one on some disks: where case does not count, nor how accents are composed (NFC, NFD), nor marks
    without a width. A file and a folder of one name are one everywhere.
    """

    def __init__(
        self, files: Iterable[File], *, keep_dots: bool = False, reserved: Iterable[str] = ()
    ) -> None:
        self._keep_dots = keep_dots
        self._taken = {_key(path) for path in reserved}
        self._numbers: dict[str, int] = {}
        self._folders: dict[tuple[str, ...], str] = {(): ""}
        files = list(files)
        # Folders first: a file that is called like one of them is the one to get a number.
        folders = [self._folder(file.path) for file in files]
        self.paths = [
            self.free(self._step(folder, file.name)) for folder, file in zip(folders, files, strict=True)
        ]

    def free(self, path: str) -> str:
        """This path, or if it is taken the same with a number; from now on it is taken."""
        key = _key(path)
        free = path
        while _key(free) in self._taken:
            self._numbers[key] = number = self._numbers.get(key, 1) + 1
            free = _numbered(path, number)
        self._taken.add(_key(free))
        return free

    def _folder(self, path: str) -> str:
        """Where the files of a folder go; files of one folder stay together, and those of two apart."""
        steps: tuple[str, ...] = ()
        for step in path.split("/") if path else []:
            parent, steps = self._folders[steps], (*steps, unicodedata.normalize("NFC", step))
            if steps not in self._folders:
                inner = self._step(parent, step)
                # What would lie too deep for some systems lies in the last folder that does not.
                is_too_deep = len(inner.encode()) > _MAX_FOLDER_BYTES
                self._folders[steps] = parent if is_too_deep else self.free(inner)
        return self._folders[steps]

    def _step(self, folder: str, name: str) -> str:
        # Composed, as all but old disks of macOS have it; bsdtar composes what it unpacks.
        name = safe_name(unicodedata.normalize("NFC", name), keep_dots=self._keep_dots)
        return f"{folder}/{name}" if folder else name


def unpacked_paths(files: Iterable[File]) -> list[str]:
    """A relative path for each, as UnpackedPaths gives them."""
    return UnpackedPaths(files).paths


def _numbered(path: str, number: int) -> str:
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    return f"{folder}{slash}{stem} ({number}){dot}{suffix}"


def _key(path: str) -> str:
    """The same for all paths that are one on some system (Unicode 15, section 3.13, D145, and what disks ignore)."""
    key = unicodedata.normalize("NFC", path).casefold()
    key = "".join(char for char in key if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", key.upper()).casefold())
