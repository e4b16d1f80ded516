"""WAYBILL_HOME: the one folder in which an instance keeps what it owns.

It holds the SQLite database, the embedded bucket, the outbox and the generated secrets, so that a
backup is a copy of one folder and two instances are two folders.
"""

import os
import secrets
from pathlib import Path


class Home:
    """The folder of one instance; every path of the instance is asked of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = root / "waybill.sqlite3"
        self.bucket = root / "bucket"
        self.outbox = root / "outbox"
        self.static = root / "static"
        self.lock = root / "serve.lock"

    def secret(self, name: str, *, length: int = 50) -> str:
        """The secret of this name: URL-safe text of `length` characters, made on first use, mode 0600.

        Several processes may ask at once: the first link wins and all of them read the same value.
        Raises OSError when the folder cannot be written.
        """
        path = self.root / "secrets" / name
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(length)[:length])
            try:
                os.link(draft, path)
            except FileExistsError:
                pass  # another process made it first
            finally:
                draft.unlink()
        return path.read_text().strip()
