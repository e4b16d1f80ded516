"""Somebody who answers a request, known by their browser's signed cookie, and what they send."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from sharing import wording
from sharing.accounts.errors import QuotaExceeded
from sharing.files.errors import FilesError, UploadClosed, UploadUnknown
from sharing.files.models import File, Upload, UploadSpec
from sharing.requests.errors import NotAsked, RequestClosed, RequestFull
from sharing.requests.kinds import is_of
from sharing.requests.models.file_request import FileRequest

# What a plain form holds until its file is there, so that one guest leaves room for others.
PLAIN_SIZE = 1_000_000_000
# How long after a picture has arrived its thumbnail may come.
PICTURING_LIFE = timedelta(hours=1)
NO_ROOM = "This request cannot take more just now."


class Guest(models.Model):
    """One browser at one request. Name and e-mail are what they said."""

    request = models.ForeignKey(FileRequest, on_delete=models.CASCADE, related_name="guests")
    browser = models.UUIDField(editable=False)
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # The request's password as it was hashed when they typed it: another one asks them again.
    opened_with = models.CharField(max_length=128, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["request", "browser"], name="guest_once_a_request")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Such as `Ann <ann@example.com>`."""
        if self.name and self.email:
            return f"{self.name} <{self.email}>"
        return self.name or self.email or "somebody who gave no name"

    @property
    def actor(self) -> str:
        """How the record names them: they have no account."""
        return self.label

    @property
    def is_admitted(self) -> bool:
        """Whether they have typed the password that the request asks for now, if it asks for one."""
        return not self.request.password or self.opened_with == self.request.password

    def admit_with(self, password: str) -> None:
        """Let them in for as long as the request has this password, which is a hash."""
        self.opened_with = password
        self.save(update_fields=["opened_with"])

    def uploads(self) -> models.QuerySet[Upload]:
        """Those that this guest began, and no others."""
        return Upload.objects.filter(delivery__guest=self).select_related("file__owner")

    def unfinished(self) -> models.QuerySet[Upload]:
        """What a script can go on with: a plain form has a page of its own."""
        return self.uploads().filter(state=Upload.State.OPEN, is_plain=False)

    def pictures(self) -> models.QuerySet[File]:
        """Files of theirs of which they may send thumbnails: later, what their owner makes of them stays as it is."""
        recent = timezone.now() - PICTURING_LIFE
        return File.objects.ready().filter(upload__delivery__guest=self, ready_at__gt=recent)

    def start_all(self, specs: Sequence[UploadSpec]) -> list[Upload | Exception]:
        """What became of each, in their order; charged to the request and to its owner's quota."""
        started = Upload.objects.start_all(owner=self.request.owner, specs=specs, door=self)
        return [self._told(outcome) for outcome in started]

    def start_plain(self, name: str) -> Upload:
        """Announce a file that an HTML form without JavaScript brings: its size is not known, so room is held for it.

        Raises InvalidName, NotAsked, RequestClosed, RequestFull.
        """
        asked = self.request
        # Twice as much is held until it has arrived, see UploadManager.start_plain().
        left = None if asked.bytes_left is None else asked.bytes_left // 2
        limits = (PLAIN_SIZE, asked.size_limit, left)
        most = min(limit for limit in limits if limit is not None)
        try:
            return Upload.objects.start_plain(owner=asked.owner, name=name, most=most, door=self)
        except QuotaExceeded as error:
            raise RequestFull(NO_ROOM) from error

    def take_back(self, upload: Upload) -> None:
        """Have what is on its way dropped, and what has arrived put into its owner's trash. Safe to repeat.

        It makes room for another file, but not for its bytes, which the trash holds. Raises UploadClosed for one that
        its owner has made a link of, or has taken out of the trash: that one is theirs, and made room once.
        """
        if upload.state == Upload.State.OPEN:
            upload.cancel(by=self.label)
            return
        with transaction.atomic():
            there = File.objects.select_for_update().present().filter(pk=upload.file_id)
            if not there.exists():
                return
            if upload.file.links.exists() or upload.file.was_restored:
                raise UploadClosed("This file is in use already: ask whoever you sent it to.")
            upload.file.delete_by(self.label)
            FileRequest.objects.filter(pk=self.request_id).update(taken_count=F("taken_count") - 1)

    def admit(self, uploads: Sequence[Upload]) -> dict[UUID, FilesError]:
        """Which of these the request does not take, and why; what it takes is counted."""
        refused = {upload.pk: why for upload in uploads if (why := self._objection(upload))}
        asked = [upload for upload in uploads if upload.pk not in refused]
        if asked and not self.request.take(len(asked), sum(upload.reserved for upload in asked)):
            for upload in asked:
                if not self.request.take(1, upload.reserved):
                    refused[upload.pk] = self._refusal()
        return refused

    def note(self, uploads: Sequence[Upload]) -> None:
        """Write down who sends these."""
        Delivery.objects.bulk_create([Delivery(upload=upload, guest=self) for upload in uploads])

    def _objection(self, upload: Upload) -> FilesError | None:
        file, limit = upload.file, self.request.size_limit
        if not is_of(self.request.kinds, file.name, file.content_type):
            return NotAsked(f"Only these kinds of files are asked for: {self.request.kinds}.")
        if limit is not None and file.size > limit:
            return NotAsked(f"A file may have {wording.size(limit)} at most here.")
        return None

    def _refusal(self) -> FilesError:
        if not FileRequest.objects.open().filter(pk=self.request.pk).exists():
            return RequestClosed("This request takes no files any longer.")
        return RequestFull("This request has no room for this file any longer.")

    def _told(self, outcome: Upload | Exception) -> Upload | Exception:
        """The same, in words for a guest: how much room an owner has is not theirs to know."""
        if isinstance(outcome, QuotaExceeded):
            return RequestFull(NO_ROOM)
        if isinstance(outcome, Upload) and outcome.is_repeated and not self.uploads().filter(pk=outcome.pk):
            return UploadUnknown("There is nothing of yours here.")
        return outcome


class Delivery(models.Model):
    """That a guest sends a file."""

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="delivery")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="deliveries")
    digest = models.ForeignKey(
        "requests.ArrivalDigest",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
        help_text="The mail that tells its owner of it. Empty: not told yet.",
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.upload} from {self.guest}"

    @staticmethod
    def give_back(*, upload: Upload, **_signal: Any) -> None:
        """An upload ended without a file: its request may take another. Called once, in the ending's transaction.

        Its bytes count until nothing that was signed can bring them any more: see release().
        """
        FileRequest.objects.filter(guests__deliveries__upload=upload.pk).update(
            taken_count=F("taken_count") - 1
        )

    @staticmethod
    def release(*, upload_id: UUID, size: int, **_signal: Any) -> None:
        """Bytes that an upload held are gone for good. Called once, in the transaction that gives them back."""
        FileRequest.objects.filter(guests__deliveries__upload=upload_id).update(
            taken_bytes=F("taken_bytes") - size
        )

    @staticmethod
    def settle(
        *, uploads: Sequence[Upload], senders: dict[UUID, str], spare: dict[UUID, int], **_signal: Any
    ) -> None:
        """These have arrived: say which of them guests sent, and give back what was held for more than arrived.

        Called once, in the completion's transaction.
        """
        for delivery in Delivery.objects.filter(upload__in=uploads).select_related("guest"):
            senders[delivery.upload_id] = delivery.guest.label
            if spare[delivery.upload_id]:
                FileRequest.objects.filter(pk=delivery.guest.request_id).update(
                    taken_bytes=F("taken_bytes") - spare[delivery.upload_id]
                )
