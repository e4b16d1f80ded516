"""Names under which a stranger's files are saved, so that none of them acts on the machine it is saved on."""

import re
from functools import lru_cache

from sharing.characters import cut_bytes
from sharing.wording import HIDING

# Windows and Linux desktops read these, or fetch the icon they name, as soon as their folder is looked at; Chromium
# renames most of them, too (IsShellIntegratedExtension in net/base/filename_util_internal.cc).
_ACTING = re.compile(
    r"(^(desktop\.ini|autorun\.inf)|\.(lnk|url|website|scf|desktop|library-ms|search-ms|searchconnector-ms)"
    r"|\.(exe|dll)\.local|\.\{[0-9a-f-]{36}\})$",
    re.IGNORECASE,
)
_INERT = ".download"
# Windows refuses these in a name. Separators of paths and halves of surrogate pairs are no text of a name.
_REFUSED = re.compile('[<>:"|?*\\\\/\ud800-\udfff]')
_SEPARATORS = re.compile("[\\\\/\ud800-\udfff]")
# Device names of Windows, whatever extension follows: "Naming Files, Paths, and Namespaces".
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)", re.IGNORECASE)
# Most file systems hold 255 bytes or UTF-16 units; a number may be added.
_MAX_BYTES = 240
_MAX_SUFFIX_BYTES = 20


def served_name(name: str) -> str:
    """Return the name that a browser is told to save a download as: not hidden, not executed, in no other folder.

    What one system alone refuses is left to the browser, which knows the system (RFC 6266 section 4.3).
    """
    name = _undotted(_SEPARATORS.sub("_", _shown(name)))
    return _unreserved(name + _INERT if _ACTING.search(name.rstrip(". ")) else name)


@lru_cache(maxsize=10_000)  # many files share their folders
def safe_name(name: str, *, keep_dots: bool = False) -> str:
    """Return the name as a step of a path that every system can hold, at most 249 bytes long.

    It is not empty, no `..`, no reserved name, has no blank or dot at its end, and does nothing by being there. A dot
    at its beginning, which hides it and configures programs, gets a `_` in front unless `keep_dots`.
    """
    name = _REFUSED.sub("_", _shown(name)).strip(" ")
    kept = name.rstrip(". ")
    name = kept + "_" * (len(name) - len(kept))
    name = _shortened(name if keep_dots else _undotted(name), _MAX_BYTES) or "_"
    if _ACTING.search(name):
        name = _shortened(name, _MAX_BYTES - len(_INERT)) + _INERT
    return _unreserved(name)


def _shown(name: str) -> str:
    """Replace characters that hide or turn the line around: with one such mark, "gpj.exe" reads as "exe.jpg"."""
    return HIDING.sub("_", name)


def _undotted(name: str) -> str:
    return f"_{name}" if name.startswith(".") else name


def _unreserved(name: str) -> str:
    return f"_{name}" if _RESERVED.match(name) else name


def _shortened(name: str, most: int) -> str:
    """Return at most so many bytes in UTF-8, with its extension where that is short."""
    if len(name.encode()) <= most:
        return name
    stem, dot, suffix = name.rpartition(".")
    end = f"{dot}{suffix}" if stem and len(suffix.encode()) <= _MAX_SUFFIX_BYTES else ""
    kept = cut_bytes(stem if end else name, most - len(end.encode()))
    return f"{kept.rstrip('. ')}{end}"
