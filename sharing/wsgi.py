"""The WSGI entry point that gunicorn serves."""

import logging
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharing.settings")

try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.exit(f"Waybill cannot start: {error}")


def warm_up() -> None:
    """Load what every process needs, the routes and the S3 client, so that its first visitor does not wait for it."""
    from django.core.checks import run_checks
    from django.urls import get_resolver

    from sharing.runtime.checks import TAG
    from sharing.storage.bucket import get_bucket

    # Commands print them; a web server that was started by itself logs them.
    for message in run_checks(tags=[TAG]):
        logging.getLogger(__name__).warning(str(message))
    get_resolver().resolve("/")
    get_bucket().warm_up()


warm_up()
