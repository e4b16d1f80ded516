"""Querysets of links: the usable ones, and links with their contents."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Count, Exists, ExpressionWrapper, F, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sharing.addresses.expiry import unexpired
from sharing.addresses.passwords import hash_password
from sharing.addresses.slugs import parse_slug
from sharing.audit.record import record
from sharing.links.errors import TooManyFiles
from sharing.links.models.base import LinkBase
from sharing.links.models.download import Download
from sharing.links.models.download_limit import within_limit
from sharing.links.models.granting import Granting
from sharing.links.rules import MAX_FILES, Rules
from sharing.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Expression

    from sharing.accounts.models import User
    from sharing.files.models import File

# How many keys one query names.
KEYS_AT_ONCE = 1000

# Files that a search has found, and their items: so many links are looked up by their keys at most.
FOUND_BY_FILE = 10_000


class OncePerLink(ExpressionWrapper):  # type: ignore[type-arg]
    """An expression of a link alone. Django would group by it, and evaluate it for each of the link's items."""

    def get_group_by_cols(self) -> list[Any]:
        return []


def keys_of(links: "LinkQuerySet[Any]") -> list[int]:
    """Return the primary keys of a few of many links, for a second query that looks at what they hold.

    In one query a database that overrates how few they are reads all items and downloads to join them.
    """
    return list(links.order_by().values_list("pk", flat=True))


class LinkQuerySet[L: LinkBase](models.QuerySet[L]):
    def listed(self) -> Self:
        """Links that their owner has not deleted."""
        return self.filter(deleted_at=None)

    def usable(self, at: "datetime | Expression | None" = None) -> Self:
        """Links neither revoked nor expired, of active owners. What is left: see ItemQuerySet.downloadable()."""
        return self.letting_finish().filter(unexpired(at))

    def letting_finish(self) -> Self:
        """Links not revoked, of active owners. What was begun may finish, though they may have expired meanwhile."""
        active_owner = get_user_model().objects.filter(pk=OuterRef("owner_id"), is_active=True)
        return self.filter(Exists(active_owner), revoked_at=None)

    def matching(self, query: str, files: models.QuerySet[Any]) -> Self:
        """Links whose title or number contains the query, or that hold one of these files. Takes one query or two."""
        items = apps.get_model("links", "Item").objects
        found: list[Any] | None = None
        # No more files than needed: in one query SQLite would look for all of them first.
        matched = list(files.order_by().values_list("pk", flat=True)[: FOUND_BY_FILE + 1])
        if len(matched) <= FOUND_BY_FILE:
            of_these = items.filter(file__in=matched).order_by()
            found = list(of_these.values_list("link_id", flat=True)[: FOUND_BY_FILE + 1])
        # Few are looked up by their keys. Where many match, most links do, and each is asked for itself.
        # As a scalar, since PostgreSQL would look up the items of all links for an EXISTS.
        if found is not None and len(found) <= FOUND_BY_FILE:
            rows, is_found = self, Q(pk__in=set(found))
        else:
            # Each file by its key: SQLite would search all of them again for each link.
            one = items.filter(Exists(files.filter(pk=OuterRef("file_id"))), link=OuterRef("pk"))
            rows = self.alias(found=Subquery(one.values("pk")[:1]))
            is_found = Q(found__isnull=False)
        return rows.filter(Q(title__icontains=query) | Q(public_id__icontains=query) | is_found)

    def with_download_counts(self) -> Self:
        """Links with `download_count`: downloads by all addresses, but for repeats."""
        downloads = Download.objects.counted().filter(link=OuterRef("pk")).order_by().values("link")
        count = downloads.annotate(count=Count("*")).values("count")
        return self.annotate(download_count=OncePerLink(Coalesce(Subquery(count), 0), models.IntegerField()))

    def with_time_requests(self) -> Self:
        """Links with `time_request_count`: how often more time was asked for since they expired."""
        asked = apps.get_model("links", "TimeRequest").objects.filter(
            link=OuterRef("pk"), created_at__gte=OuterRef("expires_at")
        )
        count = asked.order_by().values("link").annotate(count=Count("*")).values("count")
        return self.annotate(
            time_request_count=OncePerLink(Coalesce(Subquery(count), 0), models.IntegerField())
        )

    def with_contents(self) -> Self:
        """Links with what they hold and their downloads, counted by the database in the one query."""
        present = Q(items__file__deleted_at=None)
        ready = present & Q(items__file__ready_at__isnull=False)
        unspent = within_limit(F("items__download_count"))
        recipients = apps.get_model("links", "Recipient").objects.filter(link=OuterRef("pk"))
        counted = self.with_download_counts().select_related("owner")
        return counted.annotate(
            present_count=Count("items", filter=present),
            ready_count=Count("items", filter=ready),
            available_count=Count("items", filter=ready & unspent),
            total_size=Coalesce(Sum("items__file__size", filter=present), 0),
            first_name=Coalesce(Min("items__file__name", filter=present), Value("")),
            is_mailed=OncePerLink(Exists(recipients), models.BooleanField()),
        )


class LinkManagerBase[L: Granting](models.Manager[L]):
    def get_queryset(self) -> LinkQuerySet[L]:
        return LinkQuerySet(self.model, using=self._db)

    def listed(self) -> LinkQuerySet[L]:
        return self.get_queryset().listed()

    def usable(self, at: "datetime | Expression | None" = None) -> LinkQuerySet[L]:
        return self.get_queryset().usable(at)

    def letting_finish(self) -> LinkQuerySet[L]:
        return self.get_queryset().letting_finish()

    def with_download_counts(self) -> LinkQuerySet[L]:
        return self.get_queryset().with_download_counts()

    def make(
        self,
        *,
        owner: "User",
        files: "Iterable[File]",
        rules: Rules,
        title: str = "",
        message: str = "",
        name: str = "",
    ) -> L:
        """Create a link to `files`, which must be the owner's. `name` becomes the slug.

        Raises TooManyFiles, InvalidSlug.
        """
        files = list(files)
        if len(files) > MAX_FILES:
            raise TooManyFiles(
                _("A link can hold at most %(limit)s files; you selected %(n)s.")
                % {"limit": grouped(MAX_FILES), "n": grouped(len(files))}
            )
        link = self.model(
            owner=owner,
            title=title,
            message=message,
            slug=parse_slug(name),
            expires_at=rules.expires_at,
            download_limit=rules.download_limit,
            password=hash_password(rules.password),
            previews_allowed=rules.previews_allowed,
            card_shows=rules.card_shows,
        )
        with transaction.atomic():
            link.save(force_insert=True)
            link.files.add(*files)
            record(
                "link.made",
                link,
                by=owner,
                expires_at=rules.expires_at.isoformat() if rules.expires_at else None,
                limit=rules.download_limit,
                has_password=bool(rules.password),
            )
        return link
