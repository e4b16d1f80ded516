"""WAYBILL_HOME: the folder that holds all of an instance's data.

It holds the SQLite database, the embedded bucket, the outbox and the generated secrets, so that a
backup is a copy of one folder and two instances are two folders.
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


class Home:
    """The folder of one instance, and the paths in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = root / "waybill.sqlite3"
        self.bucket = root / "bucket"
        self.outbox = root / "outbox"
        self.static = root / "static"
        self.lock = root / "serve.lock"

    def secret(self, name: str, *, length: int = 50) -> str:
        """Return the secret of this name: URL-safe text of `length` characters, made on first use, mode 0600.

        Several processes may ask at once: the first link wins and all of them read the same value.
        Raises ImproperlyConfigured when it can neither be read nor made.
        """
        path = self.root / "secrets" / name
        try:
            return self._read_or_make(path, length)
        except OSError as error:
            raise ImproperlyConfigured(f"WAYBILL_HOME cannot be used: {in_words(error)}.") from error

    def _read_or_make(self, path: Path, length: int) -> str:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(length)[:length])
            try:
                os.link(draft, path)
            except FileExistsError:
                pass  # another process made it first
            finally:
                draft.unlink()
        return path.read_text().strip()


def in_words(error: OSError) -> str:
    """Return the file and the reason, such as `/srv/waybill/secrets: Permission denied`."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason
