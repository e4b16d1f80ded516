"""A table that is searched, sorted and paged by its URL's parameters alone, without JavaScript."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sharing.characters import cut
from sharing.wording import grouped

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ROWS = 25
# Rows that are counted, at most: beyond that a page says "more than", unless it shows rows beyond that itself.
COUNTED = 10_000
UNLIMITED = 1_000_000_000
# Words that are searched for, at most: each is looked for in every row.
WORDS = 10
FILE_ORDERS = {
    "newest": ("-created_at", "name"),
    # The other way round in all of it, which an index gives without sorting.
    "oldest": ("created_at", "-name", "-pk"),
    "name": ("name_key", "-created_at"),
    "largest": ("-size", "name"),
}

ORDER_LABELS = {
    "newest": _("Newest"),
    "oldest": _("Oldest"),
    "name": _("Name"),
    "largest": _("Largest"),
    "ending": _("Ending soon"),
    "opens": _("Views"),
    "downloads": _("Downloads"),
}

# Narrows rows to those that match a query.
type Search = Callable[[Any, str], QuerySet[Any]]
# Narrows rows to those that the page's filters leave.
type Narrow = Callable[[Any], QuerySet[Any]]


def containing(*fields: str) -> Search:
    """Return a search for rows of which each word of the query is in one of these fields, in any order.

    No field may be of many rows.
    """

    def search(rows: QuerySet[Any], query: str) -> QuerySet[Any]:
        for word in query.split()[:WORDS]:
            rows = rows.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)))
        return rows

    return search


search_files = containing("name", "path")


def query_of(query: QueryDict) -> str:
    """Return what is searched for, "" for nothing."""
    return cut(query.get("q", "").strip(), 200)


class Listing:
    """`name` prefixes its parameters, so that two tables share a page: `?q=tax&files-sort=name&files-page=2`.

    `rows` are searched, sorted and counted; `narrow` leaves those that the filters do, where there are filters; `shown`
    adds to those of the page what is too costly for all of them.
    `path` is the page's own: a page that shows a refused form has a URL that takes no GET.
    """

    def __init__(
        self,
        request: HttpRequest,
        name: str,
        rows: QuerySet[Any],
        *,
        orders: Mapping[str, Sequence[str]],
        search: Search,
        narrow: Narrow | None = None,
        shown: Callable[[Any], QuerySet[Any]] = lambda rows: rows,
        path: str = "",
    ) -> None:
        self.name = name
        self.path = path
        self.orders = list(orders)
        self.query = query_of(request.GET)
        chosen = request.GET.get(f"{name}-sort", "")
        self.order = chosen if chosen in orders else self.orders[0]
        self._number = request.GET.get(f"{name}-page", "1")
        self._rows = rows.order_by(*_total(orders[self.order]))
        self._search = search
        self._narrow = narrow
        self._shown = shown

    @cached_property
    def page(self) -> "Page[Any]":
        """Return the page that is asked for. Takes one query for the count, one for the keys, one for the rows."""
        narrowed = self._narrow(self._rows) if self._narrow else self._rows
        found = self._search(narrowed, self.query) if self.query else narrowed
        return KeysFirst(self._rows, None if found is self._rows else found, self._shown).get_page(
            self._number
        )

    @property
    def keys(self) -> str:
        """Return the primary keys of the page's rows, with commas between them."""
        return ",".join(str(row.pk) for row in self.page)

    @property
    def public_ids(self) -> str:
        """Return the public ids of the page's rows, with commas between them."""
        return ",".join(row.public_id for row in self.page)

    @property
    def labelled_orders(self) -> dict[str, "StrOrPromise"]:
        """Return the orders that one may choose, each with its label."""
        return {order: ORDER_LABELS[order] for order in self.orders}

    @property
    def sort_parameter(self) -> str:
        return f"{self.name}-sort"

    @property
    def page_parameter(self) -> str:
        return f"{self.name}-page"


class KeysFirst(Paginator[Any]):
    """Finds the keys of a page by an index alone, and fetches the rows of these keys.

    `found` are those of the rows that are searched for, None for all. `count` goes up to a limit, or as far as the page
    that is asked for; one more stands for all others.
    """

    def __init__(
        self,
        rows: QuerySet[Any],
        found: QuerySet[Any] | None,
        shown: Callable[[Any], QuerySet[Any]],
    ) -> None:
        super().__init__(rows if found is None else found, ROWS)
        self._rows = rows
        self._found = found
        self._shown = shown
        self._counted = COUNTED

    def get_page(self, number: float | str | None) -> "Page[Any]":
        with suppress(TypeError, ValueError):  # Paginator takes it for the first
            wanted = int(number or 0) * ROWS
            self._counted = max(self._counted, min(wanted, UNLIMITED) if wanted > 0 else UNLIMITED)
        return super().get_page(number)

    @cached_property
    def count(self) -> int:
        rows = self._rows if self._found is None else self._found
        return int(rows.order_by().values("pk")[: self._counted + 1].count())

    @property
    def is_more(self) -> bool:
        """True if there are more rows than were counted."""
        return self.count > self._counted

    @property
    def total(self) -> str:
        """Return the number of rows for people: `12,345`, or `more than 10,000`."""
        if self.is_more:
            return gettext("more than %(n)s") % {"n": grouped(self._counted)}
        return grouped(self.count)

    def page(self, number: int | str) -> "Page[Any]":
        number = self.validate_number(number)
        start = (number - 1) * ROWS
        stop = min(start + ROWS, self.count)
        rows = self._sorted()
        if not self.is_more and start > self.count / 2:
            # Near the end it is quicker from there.
            keys = list(rows.reverse().values_list("pk", flat=True)[self.count - stop : self.count - start])
            keys.reverse()
        else:
            keys = list(rows.values_list("pk", flat=True)[start:stop])
        shown = {row.pk: row for row in self._shown(self._rows.order_by().filter(pk__in=keys))}
        return Page([shown[key] for key in keys if key in shown], number, self)

    def _sorted(self) -> QuerySet[Any]:
        if self._found is None:
            return self._rows
        if self.is_more:
            return self._found
        # A LIMIT that changes nothing: few are found first and then sorted, instead of all sorted and then searched.
        return self._rows.filter(pk__in=self._found.order_by().values("pk")[: self.count])


def _total(order: Sequence[str]) -> list[str]:
    """Return an order in which no two rows are equal, so that none is on two pages."""
    return [*order] if {"pk", "-pk"} & {*order} else [*order, "pk"]
