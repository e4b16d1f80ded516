"""Filters of a list of one's own files, read from the page's address: `?kind=picture&linked=no&over=100MB`."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from sharing.files.kinds import Kind
from sharing.files.models import File, Upload
from sharing.links.models import Item, Link

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MEGABYTE = 1_000_000
SIZES = {"10MB": 10 * MEGABYTE, "100MB": 100 * MEGABYTE, "1GB": 1000 * MEGABYTE, "10GB": 10_000 * MEGABYTE}

TITLES: dict[str, "StrOrPromise"] = {
    "kind": _("Type"),
    "over": _("Size"),
    "linked": _("Link"),
    "source": _("Sent by"),
}
LABELS: dict[str, dict[str, "StrOrPromise"]] = {
    "kind": {kind.value: kind.label for kind in Kind},
    "over": {
        "10MB": _("Larger than 10 MB"),
        "100MB": _("Larger than 100 MB"),
        "1GB": _("Larger than 1 GB"),
        "10GB": _("Larger than 10 GB"),
    },
    "linked": {"yes": _("Has an active link"), "no": _("No active link")},
    "source": {"request": _("From a request"), "me": _("Uploaded by you")},
}


@dataclass(frozen=True)
class Choice:
    """One value of a filter. `pressed` is the value for the address when it is pressed: None takes the filter off."""

    parameter: str
    label: "StrOrPromise"
    pressed: str | None

    @property
    def is_chosen(self) -> bool:
        return self.pressed is None


@dataclass(frozen=True)
class FileFilters:
    """Each is a key of its LABELS, or "" for all files."""

    kind: str = ""
    over: str = ""
    linked: str = ""
    source: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Read them from an address or a form. What is no such filter is left out."""
        given = {field.name: query.get(field.name, "") for field in fields(cls)}
        return cls(**{name: value for name, value in given.items() if value in LABELS[name]})

    def __bool__(self) -> bool:
        return bool(self.parameters)

    @property
    def parameters(self) -> dict[str, str]:
        """Return those that are chosen, as the address names them."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in given.items() if value}

    def narrow(self, files: QuerySet[File]) -> QuerySet[File]:
        if self.kind:
            files = files.filter(kind=self.kind)
        if self.over:
            files = files.filter(size__gt=SIZES[self.over])
        if self.linked:
            usable = Exists(Link.objects.usable().filter(pk=OuterRef("link_id")))
            files = _that_have(
                files, Item.objects.get_queryset().filter(usable, file=OuterRef("pk")), self.linked == "yes"
            )
        if self.source:
            # A request is not known here, but every upload of a guest's has a delivery.
            delivered = Upload.objects.filter(file=OuterRef("pk"), delivery__isnull=False)
            files = _that_have(files, delivered, self.source == "request")
        return files

    @property
    def chosen(self) -> list[Choice]:
        return [choice for _title, choices in self for choice in choices if choice.is_chosen]

    def __iter__(self) -> "Iterator[tuple[StrOrPromise, list[Choice]]]":
        """Yield each filter's title and the choices that there are."""
        for name, labels in LABELS.items():
            chosen = getattr(self, name)
            yield (
                TITLES[name],
                [Choice(name, label, None if value == chosen else value) for value, label in labels.items()],
            )


def _that_have(files: QuerySet[File], others: QuerySet[Any], has: bool) -> QuerySet[File]:
    """Return those files that have such a row. As a scalar, since PostgreSQL would read all rows for an EXISTS."""
    return files.filter(IsNull(Subquery(others.order_by().values("pk")[:1]), not has))
