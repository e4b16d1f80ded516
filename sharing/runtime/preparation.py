"""What has to be there before the parts start: the tables, and the static files under their hashed names."""

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections

from sharing.home import Home


def prepare_database() -> None:
    """Bring the tables up to date."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def release_database() -> None:
    """Close every connection of this process, those that a pool keeps as well."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def collect_static_files(home: Home) -> bool:
    """Put the static files under hashed names into the home, unless they are there already; whether it did."""
    stamp = home.root / "static.sha256"
    current = _fingerprint()
    manifest = home.static / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == current:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(current)
    return True


def _fingerprint() -> str:
    """Changes whenever a static file does, or what renames them. Reads no file, only names, sizes and times."""
    digest = hashlib.sha256(f"{django.__version__} {settings.STATIC_URL}".encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
