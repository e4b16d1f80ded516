from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

from sharing.background import enqueue_on_commit

if TYPE_CHECKING:
    from sharing.accounts.models import User


class FilesConfig(AppConfig):
    name = "sharing.files"

    def ready(self) -> None:
        from sharing.accounts.models.user import suspended

        suspended.connect(invalidate_on_suspension)


def invalidate_on_suspension(sender: object, *, user: "User", by: "User", **kwargs: Any) -> None:
    """Revoke a suspended owner's presigned URLs. Links check the owner by themselves; presigned URLs cannot."""
    from sharing.files.models import DirectURL, File

    # Afterwards, so that a download that is under way just now is found, too.
    enqueue_on_commit("sharing.files.tasks.invalidate_presigned_urls_of", user.pk)
    usable = DirectURL.objects.usable().filter(file__owner=user)
    for file in File.objects.filter(pk__in=usable.values("file")):
        file.revoke_direct_urls(by=by)
