"""A table that is searched, sorted and paged by its URL's parameters alone, without JavaScript."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from sharing.characters import cut

ROWS = 25
FILE_ORDERS = {
    "newest": ("-created_at", "name"),
    "oldest": ("created_at", "name"),
    "name": ("name", "-created_at"),
    "largest": ("-size", "name"),
}
FILE_SEARCH = ("name__icontains", "path__icontains")


class Listing:
    """`name` prefixes its parameters, so that two tables share a page: `?q=tax&files-sort=name&files-page=2`.

    `path` is the page's own: a page that shows a refused form has a URL that takes no GET.
    """

    def __init__(
        self,
        request: HttpRequest,
        name: str,
        rows: QuerySet[Any],
        *,
        orders: Mapping[str, Sequence[str]],
        search: Sequence[str],
        path: str = "",
    ) -> None:
        self.name = name
        self.path = path
        self.orders = list(orders)
        self.query = cut(request.GET.get("q", "").strip(), 200)
        chosen = request.GET.get(f"{name}-sort", "")
        self.order = chosen if chosen in orders else self.orders[0]
        self._number = request.GET.get(f"{name}-page", "1")
        self._rows = rows.order_by(*orders[self.order])
        self._search = search

    @cached_property
    def page(self) -> Page[Any]:
        rows = self._rows
        if self.query:
            matches = Q()
            for lookup in self._search:
                matches |= Q(**{lookup: self.query})
            # By key: a search through files must neither repeat a link nor change what is counted in it.
            rows = rows.filter(pk__in=rows.model._default_manager.filter(matches).values("pk"))
        return Paginator(rows, ROWS).get_page(self._number)

    @property
    def sort_parameter(self) -> str:
        return f"{self.name}-sort"

    @property
    def page_parameter(self) -> str:
        return f"{self.name}-page"
