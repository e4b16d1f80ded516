from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from sharing.accounts.models import User


class FilesConfig(AppConfig):
    name = "sharing.files"

    def ready(self) -> None:
        from sharing.accounts.signals import suspended

        suspended.connect(stop_direct_urls)


def stop_direct_urls(sender: object, *, user: "User", by: "User", **kwargs: Any) -> None:
    """Links ask whether their owner is suspended; a direct URL asks nobody, and has to be revoked."""
    from sharing.files.models import DirectURL, File

    alive = DirectURL.objects.alive().filter(file__owner=user)
    for file in File.objects.filter(pk__in=alive.values("file")):
        file.revoke_direct_urls(by=by)
