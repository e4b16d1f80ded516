"""Prepare what the parts need: the tables, and the static files under hashed names."""

import hashlib
import logging
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connections
from django.urls import get_resolver

from sharing.background import periodic_tasks
from sharing.home import Home
from sharing.newer_database import require_known_tables
from sharing.storage.bucket import get_bucket
from sharing.version import version

logger = logging.getLogger(__name__)


def preload() -> None:
    """Import what every process needs, and make the S3 client, so that forks share it and no first visitor waits."""
    get_resolver().resolve("/")
    periodic_tasks()
    get_bucket().warm_up()


def prepare_web() -> None:
    """Prepare a web process that was not started by `serve`. Raises NewerDatabase, OSError."""
    try:
        require_known_tables()
    except OperationalError as error:
        logger.warning("The database is not responding yet: %s", error)
    release_database()
    collect_static_files(settings.HOME)


def prepare_database() -> None:
    """Migrate the database. Raises NewerDatabase before anything is changed."""
    require_known_tables()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def release_database() -> None:
    """Close all database connections of this process."""
    for opened in connections.all(initialized_only=True):
        opened.close()
        if hasattr(opened, "close_pool"):
            opened.close_pool()


def collect_static_files(home: Home) -> bool:
    """Collect the static files under hashed names into the home, unless they are there. Return True if it did."""
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
    """Return a digest of the static files' names, sizes and times, and of the code that hashes them."""
    digest = hashlib.sha256(f"{django.__version__} {version()} {settings.STATIC_URL}".encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
