"""The bucket of this instance, and all that the app does with it."""

from functools import cache

from django.conf import settings

from sharing.storage.copying import Copying
from sharing.storage.multipart import Multipart
from sharing.storage.objects import Objects
from sharing.storage.presence import Presence
from sharing.storage.presigning import Presigning
from sharing.storage.provisioning import Provisioning


class Bucket(Presigning, Objects, Copying, Multipart, Presence, Provisioning):
    """One private bucket. Every method that asks it may raise a StorageError."""


@cache
def get_bucket() -> Bucket:
    """Return the bucket of this instance."""
    return Bucket(settings.BUCKET)
