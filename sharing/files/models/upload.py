"""An upload: how one file gets into the bucket. It is created, its requests are presigned, and it ends in one state."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from sharing.files.models.base import UploadBase
from sharing.files.models.cancellation import Cancellable
from sharing.files.models.completion import Completable, CompletionManager
from sharing.files.models.creation import CreationManager
from sharing.files.models.presigning import Presignable
from sharing.files.models.senders import OwnerSender, Sender, senders_of
from sharing.files.models.verification import Verifiable

if TYPE_CHECKING:
    from sharing.accounts.models import User


class UploadManager(CreationManager["Upload"], CompletionManager["Upload"]):
    def owned_by(self, user: "User") -> "models.QuerySet[Upload]":
        """Return the uploads into this user's bucket, whoever sent them."""
        return self.of(OwnerSender(user))

    def unfinished(self, sender: Sender) -> "models.QuerySet[Upload]":
        """Return the open uploads that a script of this sender can resume."""
        return self.of(sender).filter(sender.resumable(), state=UploadBase.State.OPEN)


class Upload(Presignable, Verifiable, Completable, Cancellable):
    """Driven by what the bucket has, never by what a client says: every method may be called twice.

    Its fields are in `base.py`.
    """

    objects: ClassVar[UploadManager] = UploadManager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["-created_at"], name="upload_newest"),
            models.Index(fields=["expires_at"], condition=models.Q(state="open"), name="upload_to_expire"),
            # SQLite would read all uploads in the order of a list to find the few that are open.
            models.Index(fields=["-created_at"], condition=models.Q(state="open"), name="upload_open"),
            models.Index(
                fields=["finished_at"], condition=models.Q(state="complete"), name="upload_completed"
            ),
            models.Index(fields=["fingerprint"], name="upload_by_fingerprint"),
        ]

    @property
    def sender(self) -> Sender:
        """Return who sends it. Takes one query for each kind of sender."""
        return senders_of([self])[self.pk]
