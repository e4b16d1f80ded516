from typing import Any

from django.apps import AppConfig
from django.db.models import Exists, OuterRef, Q


class LinksConfig(AppConfig):
    name = "sharing.links"

    def ready(self) -> None:
        from sharing.files.signals import usable_url_filters

        usable_url_filters.connect(downloaded_lately)


def downloaded_lately(sender: object, **kwargs: Any) -> Q:
    """Return the condition for files that were downloaded by a link at URLs that may still work."""
    from sharing.links.models import Download

    return Q(Exists(Download.objects.lately().filter(file=OuterRef("pk"))))
