"""Run the whole product on one machine, in the foreground: `manage.py serve`."""

import gc
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils.translation import gettext as _

from sharing.accounts import setup
from sharing.home import in_words
from sharing.mail.outbox import is_mail_server_set
from sharing.newer_database import NewerDatabase
from sharing.runtime import lock
from sharing.runtime.preparation import (
    collect_static_files,
    preload,
    prepare_database,
    release_database,
)
from sharing.runtime.supervisor import PartEnded, StopRequested, Supervisor
from sharing.storage.bucket import Bucket, get_bucket
from sharing.storage.embedded import READY_SECONDS, STOP_SECONDS, EmbeddedBucket, is_free
from sharing.storage.errors import BucketUnreachable, StorageError

# A process that was just killed may hold its port for a moment longer than its lock.
PORT_SECONDS = 3.0
# Seconds after which a worker with nothing to do looks for a task again.
WORKER_INTERVAL = 2.0


class PortTaken(Exception):
    """A port that a part needs is taken."""


class NoBucket(Exception):
    """The bucket that S3_BUCKET names does not exist."""


class NoAnswer(Exception):
    """The database or the cache of the settings does not answer."""


class NotPrepared(Exception):
    """The preparation failed, and has said why."""


CANNOT_START = (lock.HomeInUse, PortTaken, NoBucket, NoAnswer, NewerDatabase)
FAILURES = (*CANNOT_START, PartEnded, StorageError, OSError)


@dataclass
class Serving:
    """One run of `serve`. `say` takes the lines for the console."""

    say: Callable[[str], object]

    def run(self) -> int:
        """Serve until told to stop. Return the exit status: 1 if a part ended or the start failed."""
        try:
            settings.HOME.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            settings.HOME.root.chmod(0o700)
            with lock.held(settings.HOME.lock, say=self.say) as descriptor:
                self._require_ports()
                embedded = _embedded_bucket()
                try:
                    with Supervisor(lock=descriptor, folder=settings.BASE_DIR, say=self.say) as supervisor:
                        self._serve(supervisor, embedded)
                finally:
                    if embedded:
                        embedded.remove_sockets()
        except StopRequested:
            self.say(_("Waybill has stopped."))
            return 0
        except NotPrepared as error:
            self.say(str(error))
        except FAILURES as error:
            self.say(_sentence(error))
        return 1

    def _require_ports(self) -> None:
        needed = {"PORT": settings.PORT}
        if settings.BUCKET.is_embedded:
            needed["BUCKET_PORT"] = settings.BUCKET_PORT
            if settings.PORT == settings.BUCKET_PORT:
                raise PortTaken(
                    _("PORT and BUCKET_PORT are both %(port)s. Set one of them to another port.")
                    % {"port": settings.PORT}
                )
        deadline = time.monotonic() + PORT_SECONDS
        for name, port in needed.items():
            try:
                while not is_free(port) and time.monotonic() < deadline:
                    time.sleep(0.1)
                if not is_free(port):
                    raise PortTaken(
                        _(
                            "port %(port)s is taken. Stop the program that uses it, or set %(name)s to another "
                            "port."
                        )
                        % {"port": port, "name": name}
                    )
            except PermissionError as error:
                raise PortTaken(
                    _(
                        "port %(port)s needs administrator rights. Set %(name)s to 1024 or higher, and put a proxy in "
                        "front."
                    )
                    % {"port": port, "name": name}
                ) from error

    def _serve(self, supervisor: Supervisor, embedded: EmbeddedBucket | None) -> None:
        """Start the parts in order, and return when one ends."""
        if embedded:
            supervisor.adopt("bucket", embedded.start(), timeout=STOP_SECONDS, is_ground=True)
        preload()
        # The checks of the settings have opened connections, and none outlives a fork.
        release_database()
        # The parts share this memory as long as nobody writes to it, and a search for garbage would.
        gc.freeze()
        is_prepared, lines = supervisor.complete("preparation", lambda: self._prepare(embedded))
        if not is_prepared:
            raise NotPrepared("\n".join(lines))
        for name, (timeout, work) in parts().items():
            supervisor.start(name, work, timeout=timeout)
        supervisor.wait_for(_web_answers, what="web", seconds=30)
        for line in lines:
            self.say(line)
        supervisor.watch()

    def _prepare(self, embedded: EmbeddedBucket | None) -> None:
        """Prepare database, static files and bucket, and say the welcome.

        In a process of its own, which takes with it all the memory that this needs.
        """
        try:
            _require_answers()
            collect_static_files(settings.HOME)
            if embedded:
                _wait_for(embedded)
            self._prepare_bucket()
            for line in _welcome():
                self.say(line)
        except FAILURES as error:
            sys.exit(_sentence(error))

    def _prepare_bucket(self) -> None:
        """Check that the bucket exists, and set its CORS rules if we may; say what is refused.

        Only the embedded one is made here: another that is not there is a wrong setting, or somebody's loss.
        """
        bucket = get_bucket()
        if settings.BUCKET.is_embedded:
            bucket.ensure_exists()
        elif not bucket.exists():
            raise NoBucket(
                _(
                    "there is no bucket called %(name)s at %(address)s. Check S3_BUCKET and S3_ENDPOINT_URL. "
                    "To create it, run `manage.py doctor --create-bucket`."
                )
                % {"name": bucket.name, "address": settings.BUCKET.endpoint_url}
            )
        self._prepare_cors(bucket)

    def _prepare_cors(self, bucket: Bucket) -> None:
        """Keys that may not read or change a bucket's rules are good keys, and its owner can set them."""
        try:
            if set(settings.SITE_ORIGINS) <= set(bucket.allowed_origins()):
                return
        except BucketUnreachable:
            raise
        except StorageError as error:
            self.say(
                _(
                    "The bucket's CORS rules can't be read (%(error)s). To find out whether browsers at %(site)s can "
                    "upload, run `manage.py doctor`."
                )
                % {"error": error, "site": settings.SITE_URL}
            )
            return
        try:
            bucket.allow_origins(settings.SITE_ORIGINS)
        except BucketUnreachable:
            raise
        except StorageError as error:
            self.say(
                _(
                    "The bucket's CORS rules don't allow %(site)s and can't be changed from here (%(error)s). "
                    "Browsers can't upload until you allow this origin in your storage service."
                )
                % {"error": error, "site": settings.SITE_URL}
            )


def _require_answers() -> None:
    """Migrate the database, and check that the cache answers."""
    try:
        prepare_database()
    except OperationalError as error:
        if connection.vendor == "sqlite":
            database = settings.DATABASES["default"]["NAME"]
            raise NoAnswer(
                _("%(database)s cannot be used: %(error)s.") % {"database": database, "error": error}
            ) from error
        raise NoAnswer(
            _("the database in DATABASE_URL does not answer: %(error)s") % {"error": error}
        ) from error
    try:
        cache.get("start")
    except Exception as error:  # each cache backend has errors of its own
        raise NoAnswer(_("the cache in CACHE_URL does not answer: %(error)s") % {"error": error}) from error


def _embedded_bucket() -> EmbeddedBucket | None:
    if not settings.BUCKET.is_embedded:
        return None
    return EmbeddedBucket(settings.BUCKET, settings.HOME, port=settings.BUCKET_PORT)


def _wait_for(embedded: EmbeddedBucket) -> None:
    """Return once the bucket answers; the supervisor sees whether it has ended. Raises PartEnded."""
    deadline = time.monotonic() + READY_SECONDS
    while not embedded.is_answering():
        if time.monotonic() > deadline:
            raise PartEnded(
                _("The %(part)s did not answer within %(seconds)s s")
                % {"part": "bucket", "seconds": round(READY_SECONDS)}
            )
        time.sleep(0.05)


def parts() -> dict[str, tuple[float, Callable[[], object]]]:
    """Return the parts other than the bucket: by name, the seconds each may take to end and what it does."""
    return {
        "web": (4, _serve_web),
        "worker": (
            20,
            lambda: call_command(
                "db_worker", queue_name="*", reload=False, startup_delay=False, interval=WORKER_INTERVAL
            ),
        ),
        "scheduler": (5, lambda: call_command("scheduler")),
    }


def _serve_web() -> None:
    """Do what `gunicorn sharing.wsgi` does. How it serves stands in gunicorn.conf.py."""
    from gunicorn.app import wsgiapp

    sys.argv = [str(settings.BASE_DIR / "gunicorn"), "sharing.wsgi"]
    wsgiapp.run()


def _sentence(error: Exception) -> str:
    """Say on the console why it does not start, or has stopped."""
    if isinstance(error, CANNOT_START):
        return _("Waybill can't start: %(reason)s") % {"reason": error}
    if isinstance(error, OSError):
        return _("Waybill can't start: %(reason)s.") % {"reason": in_words(error)}
    return _("%(reason)s. Waybill has stopped.") % {"reason": error}


def _web_answers() -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/livez", timeout=2).close()
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False
    return True


def _welcome() -> Iterator[str]:
    """Yield the lines that the console shows once all parts run."""
    yield ""
    yield _("Waybill is ready: %(address)s") % {"address": settings.SITE_URL}
    bucket = {"address": settings.BUCKET.public_origin, "folder": settings.HOME.bucket}
    if settings.BUCKET.is_embedded:
        yield _("  Storage: %(address)s (embedded, data in %(folder)s)") % bucket
    else:
        yield _("  Storage: %(address)s") % bucket
    if not is_mail_server_set():
        yield _("  Email: no mail server is set, so emails are saved in %(folder)s") % {
            "folder": settings.HOME.outbox
        }
    yield _("Press Ctrl-C to stop.")
    if setup.is_needed():
        yield ""
        yield _("To create the first account, open this link. It works once.")
        yield f"  {settings.SITE_URL}{reverse('setup', args=[setup.setup_token()])}"
    yield ""
