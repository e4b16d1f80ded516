"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharing.settings")

application = get_wsgi_application()


def warm_up() -> None:
    """Load what every process needs, the routes and the S3 client, so that its first visitor does not wait for it."""
    from django.urls import get_resolver

    from sharing.storage.bucket import get_bucket

    get_resolver().resolve("/")
    get_bucket().warm_up()


warm_up()
