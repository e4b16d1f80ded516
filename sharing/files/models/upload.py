"""How one file travels into the bucket: begun, sent, completed; or cancelled, expired, damaged."""

from django.db import models

from sharing.files.models.cancellation import Cancellable
from sharing.files.models.verification import Verifiable


class Upload(Verifiable, Cancellable):
    # Whether somebody who started it just now had started it before.
    is_repeated = False

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(state="open"), name="upload_to_expire"),
            models.Index(fields=["fingerprint"], name="upload_by_fingerprint"),
        ]

    def complete(self) -> None:
        """Join the parts, ask the bucket for size and checksum, and mark the file ready. Safe to repeat.

        Raises UploadClosed, NotArrived, ArrivedDamaged, StorageError.
        """
        (outcome,) = Upload.objects.complete_all([self])
        if isinstance(outcome, Exception):
            raise outcome
