"""A request for files: the way in for people without an account."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from sharing import tokens
from sharing.addresses.passwords import PasswordProtected, hash_password
from sharing.addresses.slugs import Slugged, parse_slug
from sharing.audit.record import record
from sharing.expiring import Expiring, unexpired
from sharing.files.models import File

if TYPE_CHECKING:
    from sharing.accounts.models import User

PURPOSE = "request"


class FileRequestQuerySet(models.QuerySet["FileRequest"]):
    def open(self) -> Self:
        """Neither closed nor expired, of an active owner."""
        active_owner = get_user_model().objects.filter(pk=OuterRef("owner_id"), is_active=True)
        return self.filter(unexpired(), Exists(active_owner), closed_at=None)

    def by_token(self, token: str) -> "FileRequest":
        """Raises FileRequest.DoesNotExist."""
        public_id = tokens.read(PURPOSE, token)
        if public_id is None:
            raise FileRequest.DoesNotExist
        return self.select_related("owner").get(public_id=public_id)

    def make(self, *, owner: "User", password: str = "", name: str = "", **fields: Any) -> "FileRequest":
        """A new request. `password` is in clear, "" for none; `name` becomes the readable part of its address.

        Raises InvalidPassword, InvalidSlug.
        """
        hashed = hash_password(password)
        with transaction.atomic():
            request = self.create(owner=owner, password=hashed, slug=parse_slug(name), **fields)
            record("request.made", request, by=owner)
        return request


class FileRequest(Expiring, Slugged, PasswordProtected):
    """Its token is computed from `public_id`, never stored. `taken_*` count what is there or on its way."""

    noun = "request"

    class Asked(models.TextChoices):
        OFF = "off", "Do not ask"
        OPTIONAL = "optional", "Ask, may stay empty"
        REQUIRED = "required", "Must be given"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        EXPIRED = "expired", "Expired"
        CLOSED = "closed", "Closed"
        FULL = "full", "Full"
        NO_ROOM = "no_room", "No room just now"
        SUSPENDED = "suspended", "On hold"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="file_requests"
    )
    title = models.CharField(max_length=200)
    message = models.TextField(max_length=2000, blank=True)
    kinds = models.CharField(max_length=500, blank=True, help_text="Empty: any. A claim of the sender's.")
    file_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Files in all. Empty: any number."
    )
    size_limit = models.PositiveBigIntegerField(null=True, blank=True, help_text="Bytes a file. Empty: any.")
    total_limit = models.PositiveBigIntegerField(null=True, blank=True, help_text="Bytes in all. Empty: any.")
    name_asked = models.CharField(max_length=10, choices=Asked, default=Asked.REQUIRED)
    email_asked = models.CharField(max_length=10, choices=Asked, default=Asked.OPTIONAL)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    taken_count = models.PositiveIntegerField(default=0, editable=False)
    taken_bytes = models.PositiveBigIntegerField(default=0, editable=False)

    objects: ClassVar[Any] = FileRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("file_request", args=[self.public_id])

    @property
    def token(self) -> str:
        return tokens.mint(PURPOSE, self.public_id)

    @property
    def address(self) -> str:
        """Its token with the readable part before it, where it has one."""
        return self.address_by(self.token)

    @property
    def path(self) -> str:
        return reverse("request_landing", args=[self.address])

    @property
    def api_path(self) -> str:
        """Where its guests' uploads are, in place of their own account's."""
        return f"/api/v1/requests/{self.token}"

    @property
    def url(self) -> str:
        """What is copied and sent."""
        return f"{settings.SITE_URL}{self.path}"

    @property
    def state(self) -> State:
        """Whether it takes files now; takes no query where the owner is known."""
        if not self.owner.is_active:
            return self.State.SUSPENDED
        if self.closed_at:
            return self.State.CLOSED
        if self.is_expired:
            return self.State.EXPIRED
        is_full = self.file_limit is not None and self.taken_count >= self.file_limit
        if is_full or (self.total_limit is not None and self.taken_bytes >= self.total_limit):
            return self.State.FULL
        return self.State.OPEN if self.owner.free_bytes else self.State.NO_ROOM

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def bytes_left(self) -> int | None:
        """None where no limit counts them."""
        return None if self.total_limit is None else max(0, self.total_limit - self.taken_bytes)

    def ready_files(self) -> models.QuerySet[File]:
        """What has arrived by it and is there still."""
        return File.objects.ready().filter(upload__delivery__guest__request=self)

    def take(self, count: int, size: int) -> bool:
        """Whether so many files and bytes more fit. One conditional UPDATE, so that racing guests cannot exceed it."""
        room = Q(file_limit=None) | Q(file_limit__gte=F("taken_count") + count)
        weight = Q(total_limit=None) | Q(total_limit__gte=F("taken_bytes") + size)
        return bool(
            FileRequest.objects.open()
            .filter(room, weight, pk=self.pk)
            .update(taken_count=F("taken_count") + count, taken_bytes=F("taken_bytes") + size)
        )

    def close(self, *, by: "User") -> None:
        """Take nothing new; what is on its way may arrive. Safe to repeat."""
        with transaction.atomic():
            now = timezone.now()
            if FileRequest.objects.filter(pk=self.pk, closed_at=None).update(closed_at=now):
                self.closed_at = now
                record("request.closed", self, by=by)

    def reopen(self, *, by: "User") -> None:
        """Take files again. Safe to repeat."""
        with transaction.atomic():
            if FileRequest.objects.filter(pk=self.pk).exclude(closed_at=None).update(closed_at=None):
                self.closed_at = None
                record("request.reopened", self, by=by)

    def reword(self, *, by: "User", **words: str) -> None:
        """Change the title, the message, and what guests are asked of themselves."""
        self._change(words, by=by)

    def expire_at(self, moment: datetime | None, *, by: "User") -> None:
        """Move the expiry, which also lets a request that has expired take files again. None for no expiry."""
        self._change({"expires_at": moment}, by=by)

    def limit_uploads(self, *, by: "User", **limits: int | str | None) -> None:
        """Change the kinds and how many files and bytes are taken, which counts what was taken before."""
        self._change(limits, by=by)

    def _change(self, rules: Mapping[str, int | datetime | str | None], *, by: "User") -> None:
        """Save these fields; record those that changed, with what held before."""
        changed = {name: value for name, value in rules.items() if getattr(self, name) != value}
        if not changed:
            return
        before = {name: _recorded(getattr(self, name)) for name in changed}
        with transaction.atomic():
            for name, value in changed.items():
                setattr(self, name, value)
            self.save(update_fields=list(changed))
            after = {name: _recorded(value) for name, value in changed.items()}
            record("request.changed", self, by=by, before=before, after=after)


def _recorded(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
