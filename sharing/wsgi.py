"""The WSGI entry point that gunicorn serves."""

import logging
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharing.settings")

try:
    application = get_wsgi_application()
    from sharing.http.best_effort import limit_lock_waits
    from sharing.postgresql.connection import limit_waits
    from sharing.runtime.preparation import preload
except ImproperlyConfigured as error:
    sys.exit(f"Waybill can't start: {error}")


def warn() -> None:
    """Log what the checks of the settings find. Commands print it; a web server that was started by itself does not."""
    from django.core.checks import run_checks

    from sharing.runtime.checks import TAG

    for message in run_checks(tags=[TAG]):
        logging.getLogger(__name__).warning(str(message))


limit_waits()
limit_lock_waits()
warn()
preload()
