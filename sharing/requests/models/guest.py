"""Guests of a request, known by their browser's signed cookie, and the files they deliver."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing import wording
from sharing.accounts.errors import QuotaExceeded
from sharing.files.errors import FilesError, UploadClosed
from sharing.files.models import File, Refusal, Sender, Upload
from sharing.files.models.base import UploadBase
from sharing.requests.errors import NotAsked, RequestClosed, RequestFull
from sharing.requests.kinds import is_of
from sharing.requests.models.file_request import FileRequest

if TYPE_CHECKING:
    from sharing.accounts.models import User

# In bytes: a plain form holds so much until its file is there, so that one guest leaves room for others.
PLAIN_SIZE = 1_000_000_000
# How long after a picture has arrived its thumbnail may come.
THUMBNAIL_ACCEPTED_FOR = timedelta(hours=1)
NO_ROOM = gettext_lazy("This request has no space for more files right now.")


class Guest(models.Model):
    """One browser at one request. Name and e-mail are the guest's claims."""

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
        """Return name and address: `Ann <ann@example.com>`."""
        if self.name and self.email:
            return f"{self.name} <{self.email}>"
        return self.name or self.email or _("someone who gave no name")

    @property
    def is_admitted(self) -> bool:
        """Return True if the guest has typed the request's present password, or there is none."""
        return not self.request.password or self.opened_with == self.request.password

    def admit_with(self, password: str) -> None:
        """Admit the guest for as long as the request has this password. Takes its hash."""
        self.opened_with = password
        self.save(update_fields=["opened_with"])

    # Sender, as sharing.files.models.senders asks for it

    @property
    def key(self) -> str:
        return f"guest-{self.pk}"

    @property
    def actor(self) -> str:
        """Return the label: guests have no account."""
        return self.label

    @property
    def owner(self) -> "User":
        return self.request.owner

    @property
    def max_form_size(self) -> int:
        """Return the bytes that one plain form may bring here.

        Twice as much is reserved until the file has arrived, of the request's limit as well.
        """
        left = None if self.request.bytes_left is None else self.request.bytes_left // 2
        limits = (PLAIN_SIZE, self.request.size_limit, left)
        return min(limit for limit in limits if limit is not None)

    def uploads(self) -> Q:
        """Return the condition for uploads that this guest sends."""
        return Q(delivery__guest=self)

    def resumable(self) -> Q:
        """Return the condition for uploads that a script sends; a plain form has a page of its own."""
        return Q(is_plain=False)

    def images(self) -> Q:
        """Return the condition for files that arrived in the last hour; later ones are their owner's to change."""
        recent = timezone.now() - THUMBNAIL_ACCEPTED_FOR
        return Q(upload__delivery__guest=self, ready_at__gt=recent)

    def accept(self, uploads: Sequence[UploadBase]) -> dict[UUID, FilesError]:
        """Count these uploads towards the request's limits, and return why others of them are refused."""
        refused = {upload.pk: why for upload in uploads if (why := self._objection(upload))}
        suitable = [upload for upload in uploads if upload.pk not in refused]
        if suitable and not self.request.take(len(suitable), sum(upload.reserved for upload in suitable)):
            for upload in suitable:
                if not self.request.take(1, upload.reserved):
                    refused[upload.pk] = self._refusal()
        return refused

    def record(self, uploads: Sequence[UploadBase]) -> None:
        """Save a Delivery for each of these."""
        Delivery.objects.bulk_create([Delivery(upload_id=upload.pk, guest=self) for upload in uploads])

    def release(self, *, files: int = 0, size: int = 0) -> None:
        """Give back what `accept()` counted, by one UPDATE."""
        FileRequest.objects.filter(pk=self.request_id).update(
            taken_count=F("taken_count") - files, taken_bytes=F("taken_bytes") - size
        )

    def count_arrivals(self, files: int) -> None:
        """Count what the owner has not seen yet, by one UPDATE."""
        FileRequest.objects.filter(pk=self.request_id).update(unseen_count=F("unseen_count") + files)

    def explain(self, refusal: Refusal) -> Refusal:
        """Return the refusal in words for a guest, who is not told how much quota an owner has left."""
        return RequestFull(str(NO_ROOM)) if isinstance(refusal, QuotaExceeded) else refusal

    def delete_upload(self, upload: Upload) -> None:
        """Cancel it, or move its file to the owner's trash if it has arrived. Safe to repeat.

        It makes room for another file, but not for its bytes, which the trash holds. Raises UploadClosed for a file
        that its owner has made a link of, or has taken out of the trash: that one is theirs, and made room once.
        """
        if upload.state == Upload.State.OPEN:
            upload.cancel(by=self.actor)
            return
        with transaction.atomic():
            there = File.objects.select_for_update().present().filter(pk=upload.file_id)
            if not there.exists():
                return
            if upload.file.links.exists() or upload.file.was_restored:
                raise UploadClosed(_("This file is already in use. Ask whoever you sent it to."))
            upload.file.delete_by(self.actor)
            self.release(files=1)

    def _objection(self, upload: UploadBase) -> FilesError | None:
        file, limit = upload.file, self.request.size_limit
        if not is_of(self.request.kinds, file.name, file.content_type):
            return NotAsked(
                _("Only these file types are accepted: %(kinds)s.") % {"kinds": self.request.kinds}
            )
        if limit is not None and file.size > limit:
            return NotAsked(_("Files can have up to %(size)s here.") % {"size": wording.size(limit)})
        return None

    def _refusal(self) -> FilesError:
        if not FileRequest.objects.usable().filter(pk=self.request.pk).exists():
            return RequestClosed(_("This request takes no more files."))
        return RequestFull(_("This request has no space left for this file."))


class Delivery(models.Model):
    """Records that a guest sends a file."""

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="delivery")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="deliveries")
    digest = models.ForeignKey(
        "requests.ArrivalDigest",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
        help_text=gettext_lazy("The mail that tells its owner of it. Empty: not told yet."),
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return _("%(upload)s from %(guest)s") % {"upload": self.upload, "guest": self.guest}

    @staticmethod
    def senders_of(uploads: Sequence[UploadBase]) -> dict[UUID, Sender]:
        """Return the guest who sends each of these that a guest sends. Takes one query."""
        deliveries = Delivery.objects.filter(upload__in=[upload.pk for upload in uploads])
        found = deliveries.select_related("guest__request__owner")
        return {delivery.upload_id: delivery.guest for delivery in found}
