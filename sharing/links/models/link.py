"""A link: which files somebody without an account may fetch, until when, and how often."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from sharing import tokens
from sharing.audit.record import record
from sharing.files.models import File
from sharing.links.errors import InvalidExpiry, LinkClosed
from sharing.links.models.download import Download, shortened_ip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sharing.accounts.models import User

MAX_LIFE = timedelta(days=366)


class LinkQuerySet(models.QuerySet["Link"]):
    def open(self) -> "LinkQuerySet":
        """Neither revoked, expired nor used up, of an active owner. Whether its files have arrived is theirs to say.

        Every rule is about the link's own row or an EXISTS: a join would make Django's UPDATE look the rows up
        in a subquery, whose answer PostgreSQL does not ask for again when it has waited for a racing UPDATE.
        """
        active_owner = get_user_model().objects.filter(pk=OuterRef("owner_id"), is_active=True)
        unspent = Q(download_limit=None) | Q(download_count__lt=F("download_limit"))
        unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(unspent, unexpired, Exists(active_owner), revoked_at=None)

    def with_contents(self) -> "LinkQuerySet":
        """Each link with what `weigh()` sets: the same, counted by the database in the one query."""
        present = Q(files__deleted_at=None)
        return self.select_related("owner").annotate(  # type: ignore[no-redef]
            present_count=Count("files", filter=present),
            ready_count=Count("files", filter=present & Q(files__ready_at__isnull=False)),
            weight=Coalesce(Sum("files__size", filter=present), 0),
            first_name=Coalesce(Min("files__name", filter=present), Value("")),
        )


class LinkManager(models.Manager["Link"]):
    def get_queryset(self) -> LinkQuerySet:
        return LinkQuerySet(self.model, using=self._db)

    def open(self) -> LinkQuerySet:
        return self.get_queryset().open()

    def with_contents(self) -> LinkQuerySet:
        return self.get_queryset().with_contents()

    def make(
        self,
        *,
        owner: "User",
        files: "Iterable[File]",
        expires_at: datetime | None,
        title: str = "",
        message: str = "",
        download_limit: int | None = None,
    ) -> "Link":
        """A new link to `files`, which must be the owner's. Raises InvalidExpiry."""
        check_expiry(expires_at)
        with transaction.atomic():
            link = self.create(
                owner=owner,
                expires_at=expires_at,
                title=title,
                message=message,
                download_limit=download_limit,
            )
            link.files.set(files)
            record("link.made", link, by=owner, expires_at=expires_at.isoformat() if expires_at else None)
        return link

    def by_token(self, token: str) -> "Link":
        """The link of a token, whatever its state, weighed. Takes two queries. Raises Link.DoesNotExist."""
        link = self.select_related("owner").get(public_id=self._public_id(token))
        link.weigh(link.files.present())
        return link

    def by_token_with_file(self, token: str, file_id: UUID) -> "tuple[Link, File]":
        """The link of a token and one of its files. Takes one query. Raises Link.DoesNotExist."""
        linked = Link.files.through.objects.select_related("link__owner", "file")
        try:
            row = linked.get(link__public_id=self._public_id(token), file_id=file_id)
        except ObjectDoesNotExist as error:
            raise self.model.DoesNotExist from error
        return row.link, row.file

    def _public_id(self, token: str) -> str:
        public_id = tokens.read("link", token)
        if public_id is None:
            raise self.model.DoesNotExist
        return public_id


def check_expiry(expires_at: datetime | None) -> None:
    """Raises InvalidExpiry for a moment that has passed, or that lies more than a year ahead."""
    if expires_at is None:
        return
    if expires_at <= timezone.now():
        raise InvalidExpiry("That moment has passed: choose a later one.")
    if expires_at > timezone.now() + MAX_LIFE:
        raise InvalidExpiry("A link lives a year at most: choose an earlier date.")


class Link(models.Model):
    """One waybill. Its token is computed from `public_id`, never stored: a dump of the database opens nothing."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ARRIVING = "arriving", "On its way"
        EXPIRED = "expired", "Expired"
        USED_UP = "used_up", "Used up"
        REVOKED = "revoked", "Revoked"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SUSPENDED = "suspended", "Suspended"

    public_id = models.CharField(max_length=12, unique=True, default=tokens.new_public_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="links")
    files = models.ManyToManyField(File, related_name="links")
    title = models.CharField(max_length=200, blank=True)
    message = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    revoked_at = models.DateTimeField(null=True, blank=True)
    download_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Empty: as often as they like."
    )
    download_count = models.PositiveIntegerField(default=0, editable=False)
    view_count = models.PositiveIntegerField(default=0, editable=False)

    # What the link holds now; set by with_contents() or weigh().
    contents: "list[File]"
    present_count: int
    ready_count: int
    weight: int
    first_name: str

    objects: ClassVar[LinkManager] = LinkManager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="link_by_owner_newest")]

    def __str__(self) -> str:
        return self.title or self.number

    def get_absolute_url(self) -> str:
        return reverse("link", args=[self.public_id])

    @property
    def label(self) -> str:
        """What the link is called where its contents are known: its title, else its files."""
        if self.title or not self.present_count:
            return str(self)
        others = self.present_count - 1
        return f"{self.first_name} and {others} more" if others else self.first_name

    @property
    def number(self) -> str:
        """What is printed on the waybill, such as WB·7K2F·Q9XM·3T8V: names the link and opens nothing."""
        return "·".join(["WB", *(self.public_id[i : i + 4] for i in range(0, len(self.public_id), 4))])

    @property
    def token(self) -> str:
        return tokens.mint("link", self.public_id)

    @property
    def url(self) -> str:
        """What is copied and sent."""
        return f"{settings.SITE_URL}{reverse('landing', args=[self.token])}"

    def weigh(self, files: "Iterable[File]") -> None:
        """Take note of the files that the link holds now, so that its state is known without another query."""
        self.contents = list(files)
        self.present_count = len(self.contents)
        self.ready_count = sum(file.is_ready for file in self.contents)
        self.weight = sum(file.size for file in self.contents)
        self.first_name = min((file.name for file in self.contents), default="")

    @property
    def state(self) -> State:
        """What the link gives now. Needs with_contents() or weigh(); takes no query."""
        if self.revoked_at:
            return self.State.REVOKED
        if not self.owner.is_active:
            return self.State.SUSPENDED
        if not self.present_count:
            return self.State.WITHDRAWN
        if self.expires_at and self.expires_at <= timezone.now():
            return self.State.EXPIRED
        if self.downloads_left == 0:
            return self.State.USED_UP
        return self.State.OPEN if self.ready_count else self.State.ARRIVING

    @property
    def downloads_left(self) -> int | None:
        """How many more it gives, or None where there is no limit."""
        return None if self.download_limit is None else max(0, self.download_limit - self.download_count)

    def count_view(self) -> None:
        """Somebody looked. Takes one UPDATE and spends nothing."""
        Link.objects.filter(pk=self.pk).update(view_count=F("view_count") + 1)

    def spend(self, file: File, *, ip: str, user_agent: str) -> str:
        """Spend one download of `file` and return the bucket's URL for it. Takes one UPDATE and one INSERT.

        The UPDATE carries every rule, so that of a hundred racing requests for the last download one gets it.
        Raises LinkClosed.
        """
        if not file.is_ready:
            raise LinkClosed
        with transaction.atomic():
            if not Link.objects.open().filter(pk=self.pk).update(download_count=F("download_count") + 1):
                raise LinkClosed
            Download.objects.create(
                link=self, file=file, network=shortened_ip(ip) or None, user_agent=user_agent[:300]
            )
        return file.presigned_url()

    def revoke(self, *, by: "User") -> None:
        """Stop every later download. Safe to repeat."""
        with transaction.atomic():
            now = timezone.now()
            if Link.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now):
                self.revoked_at = now
                record("link.revoked", self, by=by)

    def expire_at(self, moment: datetime | None, *, by: "User") -> None:
        """Move the expiry, which also revives a link that has expired. Raises InvalidExpiry."""
        check_expiry(moment)
        with transaction.atomic():
            self.expires_at = moment
            self.save(update_fields=["expires_at"])
            record("link.expiry_changed", self, by=by, expires_at=moment.isoformat() if moment else None)
