"""The version of what an open page of an owner shows, by which the page finds out that something has happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import CharField, Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File
from sharing.links.models import Download, Link

# Links whose changes one page asks for, at most: a page of a list has fewer.
MAX_LINKS = 100


@dataclass(frozen=True)
class Watched:
    """The URL that a page asks every few seconds while it is looked at, and the answer when it was drawn."""

    url: str
    version: str


def watched(owner: User, *, link: str = "", rows: Iterable[str] = ()) -> Watched:
    """Return what a page asks that shows this link, or a row of each of these. Takes two queries.

    All are public ids. Those of the rows stand on the page already, from where its script adds them to the URL.
    """
    url = reverse("changes", query={"link": link} if link else None)
    return Watched(url, page_version(owner, [link] if link else [*rows][:MAX_LINKS]))


def page_version(owner: User, public_ids: Iterable[str]) -> str:
    """Return a digest of what has happened to the owner's files, and to these links where they are the owner's.

    It changes with a view, a download, an arrival, and with what is recorded of a link. Takes two queries, which find
    the latest of each kind by an index and read no table.
    """
    facts = [*_facts_of(owner), *_facts_of_links(owner, public_ids)]
    return sha256(repr(facts).encode()).hexdigest()[:32]


def _facts_of(owner: User) -> list[tuple[Any, ...]]:
    arrived = File.objects.filter(owner=OuterRef("pk"), ready_at__isnull=False)
    made = Link.objects.get_queryset().filter(owner=OuterRef("pk"))
    own = User.objects.filter(pk=owner.pk)
    return list(
        own.values_list("pk", "used_bytes", _latest(arrived, "ready_at"), _latest(made, "created_at"))
    )


def _facts_of_links(owner: User, public_ids: Iterable[str]) -> list[tuple[Any, ...]]:
    downloads = Download.objects.filter(link=OuterRef("pk"))
    events = Event.objects.filter(
        subject_type="link", subject_id=Cast(OuterRef("pk"), CharField(max_length=64))
    )
    counted = events.order_by().values("subject_id").annotate(count=Count("*")).values("count")
    links = Link.objects.get_queryset().filter(owner=owner, public_id__in=public_ids).order_by("pk")
    return list(links.values_list("pk", "view_count", _latest(downloads, "at"), Subquery(counted)))


def _latest[M: Model](rows: QuerySet[M], field: str) -> Subquery:
    """Return the latest of these moments. As a sorted row, which each database finds at the end of an index."""
    return Subquery(rows.order_by(f"-{field}").values(field)[:1])
