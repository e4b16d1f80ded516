"""Settings of `gunicorn sharing.wsgi`. gunicorn reads this by itself in the folder in which it is started."""

import atexit
import gc
import sys
from pathlib import Path

chdir = str(Path(__file__).resolve().parent)
sys.path.insert(0, chdir)

from django.core.exceptions import ImproperlyConfigured  # noqa: E402

from sharing.environment import read_environment  # noqa: E402

try:
    environment = read_environment()
except ImproperlyConfigured as error:
    sys.exit(f"Waybill can't start: {error}")

# As in manage.py: most of a second less to stop, in each process.
atexit.register(gc.freeze)

# gunicorn would take 0.0.0.0 with PORT: a TLS proxy stands in front, and nobody else reaches this.
bind = f"127.0.0.1:{environment.PORT}"
workers = environment.WEB_CONCURRENCY
worker_class = "sharing.http.worker.BufferingWorker"
threads = 16
worker_connections = 2000
# Workers share the memory of what all of them import, and start at once.
preload_app = True
# Seconds until a worker whose loop stands still is replaced. Its threads may take longer.
timeout = 30
graceful_timeout = 3
# Whatever a library may leak ends with its process.
max_requests = 50_000
max_requests_jitter = 5_000
# Answers wait in memory for slow readers, so that no thread does.
sendfile = False
control_socket_disable = True
# gunicorn would take SCRIPT_NAME from the headers of a client whose proxy is on this machine.
forwarder_headers = ""
loglevel = "warning"


def on_starting(server: object) -> None:
    """See that all is there which the app needs, once for all workers."""
    import os

    import django

    from sharing.home import in_words

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharing.settings")
    try:
        django.setup()
        from sharing.runtime.preparation import prepare_web

        prepare_web()
    except ImproperlyConfigured as error:
        sys.exit(f"Waybill can't start: {error}")
    except OSError as error:
        sys.exit(f"Waybill can't start: {in_words(error)}.")


def when_ready(server: object) -> None:
    """Keep what the workers share out of their searches for garbage, which would write to it."""
    gc.freeze()


def worker_exit(server: object, worker: object) -> None:
    """Write the views that were counted in the last second."""
    from sharing.links.view_counter import VIEWS

    VIEWS.write()
