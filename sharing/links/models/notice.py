"""Mails that tell senders what happened to their links: each event once, several of them in one mail."""

from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import Exists, F, Max, Min, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.background import enqueue_on_commit
from sharing.links.models.download import Download
from sharing.links.models.item import Item
from sharing.links.models.link import Link
from sharing.links.models.querysets import KEYS_AT_ONCE, keys_of
from sharing.links.models.recipient import REMIND_BEFORE, Recipient
from sharing.mail.composing import compose
from sharing.mail.mailing import DIGEST_DELAY, NEWS_LIFE, Mailing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from sharing.links.models.querysets import LinkQuerySet


# Rows are dated before their transactions commit, and clocks differ.
LATE_ROWS = timedelta(minutes=10)


class NoticeManager(models.Manager["Notice"]):
    def create_new(self) -> None:
        """Create the notices that senders want and that do not exist yet. Safe to repeat.

        Downloads and revocations are looked through once, so it takes a few milliseconds where nothing has happened.
        """
        now = timezone.now()
        since = NoticeWatermark.objects.since(now)
        with transaction.atomic():
            found = [*self._first_downloads(since), *self._all_downloaded(since), *self._not_downloaded()]
            self.bulk_create(found, ignore_conflicts=True)
            NoticeWatermark.objects.advance(now)

    def _first_downloads(self, since: "datetime") -> "Iterator[Notice]":
        kind = Notice.Kind.FIRST_DOWNLOAD
        first = Download.objects.filter(link=OuterRef("pk")).order_by("at").values("at")[:1]
        for links in _by_keys(Download.objects.filter(at__gt=since)):
            wanted = self._unsent(links.filter(owner__wants_first_download=True), kind)
            for link_id, happened_at in wanted.values_list("pk", Subquery(first)):
                if happened_at > timezone.now() - NEWS_LIFE:
                    yield Notice(link_id=link_id, kind=kind, happened_at=happened_at)

    def _all_downloaded(self, since: "datetime") -> "Iterator[Notice]":
        """Yield those of links that the last recipient has just downloaded, or that wait for nobody since then."""
        kind = Notice.Kind.ALL_DOWNLOADED
        downloaded = Download.objects.filter(at__gt=since, recipient__isnull=False)
        revoked = Recipient.objects.filter(revoked_at__gt=since)
        trusted = Recipient.objects.trusted().filter(link=OuterRef("pk"))
        waiting = Recipient.objects.waiting().filter(link=OuterRef("pk"))
        complete = Q(Exists(trusted), ~Exists(waiting), owner__wants_all_downloaded=True)
        for links in _by_keys(downloaded, revoked):
            keys = keys_of(links.filter(complete))
            sent = self.filter(link__in=keys, kind=kind).order_by().values_list("link")
            latest = dict(sent.annotate(latest=Max("happened_at")))
            for link_id, happened_at in _completed_at(keys).items():
                # A recipient who is added later, and comes, completes it once more.
                is_sent = link_id in latest and latest[link_id] >= happened_at
                if happened_at > timezone.now() - NEWS_LIFE and not is_sent:
                    yield Notice(link_id=link_id, kind=kind, happened_at=happened_at)

    def _not_downloaded(self) -> "Iterator[Notice]":
        kind = Notice.Kind.NOT_DOWNLOADED
        now = timezone.now()
        trusted = Recipient.objects.trusted().filter(link=OuterRef("pk"))
        waiting = Recipient.objects.waiting().filter(link=OuterRef("pk"))
        untouched = ~Exists(trusted) & ~Exists(Download.objects.filter(link=OuterRef("pk")))
        ending = Link.objects.usable().filter(
            expires_at__lte=now + REMIND_BEFORE,
            created_at__lte=now - REMIND_BEFORE,
            owner__wants_not_downloaded=True,
        )
        for some in batched(keys_of(self._unsent(ending, kind, since=now - REMIND_BEFORE)), KEYS_AT_ONCE):
            links = Link.objects.filter(
                Q(Exists(waiting)) | untouched,
                Exists(Item.objects.present().filter(link=OuterRef("pk"))),
                pk__in=some,
            )
            for link_id, happened_at in links.values_list("pk", F("expires_at") - REMIND_BEFORE):
                yield Notice(link_id=link_id, kind=kind, happened_at=happened_at)

    def _unsent(
        self, links: "LinkQuerySet[Link]", kind: "Notice.Kind", since: "datetime | None" = None
    ) -> "LinkQuerySet[Link]":
        """The links that have no notice of this kind, or none since then."""
        notices = self.filter(link=OuterRef("pk"), kind=kind)
        return links.exclude(Exists(notices.filter(created_at__gt=since) if since else notices))


def _by_keys(*rows: "QuerySet[Any]") -> "Iterator[LinkQuerySet[Link]]":
    """Yield querysets of the links that these rows belong to, of active owners, each of some KEYS_AT_ONCE."""
    # For a DISTINCT SQLite would read all rows in the order of their links.
    keys = {key for some in rows for key in some.order_by().values_list("link", flat=True).iterator()}
    for some in batched(sorted(keys), KEYS_AT_ONCE):
        yield Link.objects.get_queryset().filter(pk__in=some, owner__is_active=True)


def _completed_at(link_ids: list[int]) -> "dict[int, datetime]":
    """Return when the last of each link's recipients downloaded for the first time. Takes one query."""
    own = Download.objects.filter(
        link__in=link_ids, recipient__isnull=False, recipient__revoked_at=None
    ).order_by()
    first_of_each = own.values("link", "recipient").annotate(first=Min("at")).values_list("link", "first")
    completed: dict[int, datetime] = {}
    for link_id, first in first_of_each:
        completed[link_id] = max(first, completed.get(link_id, first))
    return completed


class Notice(models.Model):
    """One event of a link that its sender is told about. Its moment makes it unique, so that it is told once."""

    class Kind(models.TextChoices):
        FIRST_DOWNLOAD = "first_download"
        ALL_DOWNLOADED = "all_downloaded"
        NOT_DOWNLOADED = "not_downloaded"

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    happened_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    digest = models.ForeignKey("links.Digest", null=True, on_delete=models.CASCADE, related_name="notices")

    objects: ClassVar[NoticeManager] = NoticeManager()

    class Meta:
        ordering = ["happened_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["link", "kind", "happened_at"], name="notice_once_a_moment")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.link}"

    @property
    def first_by(self) -> str:
        """The label of the recipient who downloaded first, or "". Takes one query."""
        first = self.link.downloads.order_by("at", "pk").select_related("recipient").first()
        return first.recipient.label if first and first.recipient else ""

    @property
    def waited_for(self) -> list[Recipient]:
        """The recipients who have not downloaded yet. Takes one query."""
        return list(self.link.recipients.waiting())


class NoticeWatermarkManager(models.Manager["NoticeWatermark"]):
    def since(self, now: "datetime") -> "datetime":
        """Return from when on downloads are to be looked through: NEWS_LIFE ago at the earliest."""
        oldest = now - NEWS_LIFE
        until = self.values_list("collected_until", flat=True).first()
        # One of the future is no answer: the clock was set back.
        return oldest if until is None or until > now else max(oldest, until - LATE_ROWS)

    def advance(self, now: "datetime") -> None:
        """Save that all until now was looked through. Takes one statement."""
        row = NoticeWatermark(pk=NoticeWatermark.ONLY, collected_until=now)
        self.bulk_create(
            [row], update_conflicts=True, unique_fields=["pk"], update_fields=["collected_until"]
        )


class NoticeWatermark(models.Model):
    """The time until which downloads were looked through for notices. There is one row at most."""

    ONLY = 1

    collected_until = models.DateTimeField()

    objects: ClassVar[NoticeWatermarkManager] = NoticeWatermarkManager()

    def __str__(self) -> str:
        return f"{self.collected_until:%Y-%m-%d %H:%M}"


class DigestManager(models.Manager["Digest"]):
    def send_due(self) -> None:
        """Mail each sender whose oldest unsent notice has waited for DIGEST_DELAY. Safe to repeat."""
        unsent = Notice.objects.filter(digest=None)
        due = unsent.filter(created_at__lte=timezone.now() - DIGEST_DELAY)
        for owner_id in due.order_by().values_list("link__owner", flat=True).distinct():
            with transaction.atomic():
                digest = self.create(owner_id=owner_id)
                own = unsent.filter(link__in=Link.objects.filter(owner=owner_id).values("pk"))
                if own.update(digest=digest):
                    enqueue_on_commit("sharing.links.tasks.send_digest", digest.pk)
                else:
                    digest.delete()  # another run was quicker


class Digest(Mailing):
    """One mail to a sender, with their notices."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[DigestManager] = DigestManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return _("To %(owner)s, %(date)s") % {
            "owner": self.owner,
            "date": f"{self.created_at:%Y-%m-%d %H:%M}",
        }

    def obstacle(self) -> str:
        return super().obstacle() if self.owner.is_active else _("The account is suspended.")

    def compose(self) -> EmailMessage:
        notices = self.notices.prefetch_related(Prefetch("link", queryset=Link.objects.with_contents()))
        return compose("digest", self.owner.email, {"notices": list(notices)})
