"""Finding links: those that give, what they hold, and the one that a token names."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from sharing import tokens
from sharing.addresses.passwords import hash_password
from sharing.addresses.slugs import parse_slug
from sharing.audit.record import record
from sharing.expiring import unexpired
from sharing.links.errors import TooManyFiles
from sharing.links.models.download import Download
from sharing.links.rules import MAX_FILES, Rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sharing.accounts.models import User
    from sharing.files.models import File
    from sharing.links.models.link import Link
    from sharing.links.models.recipient import Recipient


class LinkQuerySet(models.QuerySet["Link"]):
    def usable(self) -> "LinkQuerySet":
        """Neither revoked nor expired, of an active owner. What is left: see ItemQuerySet.downloadable()."""
        return self.letting_finish().filter(unexpired())

    def letting_finish(self) -> "LinkQuerySet":
        """Not revoked, of an active owner: what was begun may finish, though the link may have expired meanwhile."""
        active_owner = get_user_model().objects.filter(pk=OuterRef("owner_id"), is_active=True)
        return self.filter(Exists(active_owner), revoked_at=None)

    def with_contents(self) -> "LinkQuerySet":
        """Each link with what `weigh()` sets and its downloads: counted by the database in the one query."""
        from sharing.links.models.recipient import Recipient

        present = Q(items__file__deleted_at=None)
        ready = present & Q(items__file__ready_at__isnull=False)
        unspent = Q(download_limit=None) | Q(items__download_count__lt=F("download_limit"))
        recipients = Recipient.objects.filter(link=OuterRef("pk"))
        downloads = Download.objects.filter(link=OuterRef("pk"), is_repeat=False).order_by().values("link")
        return self.select_related("owner").annotate(  # type: ignore[no-redef]
            present_count=Count("items", filter=present),
            ready_count=Count("items", filter=ready),
            open_count=Count("items", filter=ready & unspent),
            weight=Coalesce(Sum("items__file__size", filter=present), 0),
            first_name=Coalesce(Min("items__file__name", filter=present), Value("")),
            download_count=Coalesce(Subquery(downloads.annotate(count=Count("pk")).values("count")), 0),
            is_mailed=Exists(recipients),
        )


class LinkManager(models.Manager["Link"]):
    def get_queryset(self) -> LinkQuerySet:
        return LinkQuerySet(self.model, using=self._db)

    def usable(self) -> LinkQuerySet:
        return self.get_queryset().usable()

    def letting_finish(self) -> LinkQuerySet:
        return self.get_queryset().letting_finish()

    def with_contents(self) -> LinkQuerySet:
        return self.get_queryset().with_contents()

    def make(
        self,
        *,
        owner: "User",
        files: "Iterable[File]",
        rules: Rules,
        title: str = "",
        message: str = "",
        name: str = "",
    ) -> "Link":
        """A new link to `files`, which must be the owner's. `name` becomes the readable part of its address.

        Raises TooManyFiles, InvalidSlug.
        """
        files = list(files)
        if len(files) > MAX_FILES:
            raise TooManyFiles(f"A link takes {MAX_FILES:,} files at most: these are {len(files):,}.")
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

    def by_token(self, token: str) -> "Link":
        """The link of a token, which knows its recipient where the token is somebody's own.

        Takes one query. Raises Link.DoesNotExist.
        """
        key, recipient = self.key_in(token)
        link = recipient.link if recipient else self.select_related("owner").get(**key)
        link.recipient = recipient
        return link

    def key_in(self, token: str) -> "tuple[dict[str, Any], Recipient | None]":
        """The fields by which to look up the link of a token, and whose own it is. A plain one takes no query.

        Raises Link.DoesNotExist.
        """
        from sharing.links.models.recipient import Recipient

        public_id = tokens.read("link", token)
        if public_id is not None:
            return {"public_id": public_id}, None
        try:
            recipient = Recipient.objects.by_token(token)
        except Recipient.DoesNotExist as error:
            raise self.model.DoesNotExist from error
        return {"pk": recipient.link_id}, recipient
