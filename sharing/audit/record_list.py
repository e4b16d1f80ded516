"""The lists of the admin panel on large tables: keys first, counted only as far as it is cheap."""

from collections.abc import Callable, Iterator
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import takewhile
from typing import Any

from django.contrib.admin import AllValuesFieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import InvalidPage, Paginator
from django.db import DataError, connection
from django.db.models import Model, QuerySet, Subquery
from django.http import HttpRequest

# Of a list that is searched or filtered so many rows are counted and can be paged to; it says where there are more.
COUNTED = 5000


class KeyPaginator[Row: Model](Paginator[Row]):
    """Pages through the keys of `rows`, and has `load` read the rows of one page: joins and counts are made for these.

    All rows of a table are counted by one cheap query. Where they are narrowed, the first COUNTED keys are read.
    """

    def __init__(
        self, rows: "QuerySet[Row]", per_page: int, *, load: Callable[[list[Any]], list[Row]]
    ) -> None:
        super().__init__(rows, per_page)
        self.rows = rows
        self._load = load

    @cached_property
    def is_narrowed(self) -> bool:
        return is_narrowed(self.rows)

    @cached_property
    def count(self) -> int:
        return min(len(self._first_keys), COUNTED) if self.is_narrowed else self.rows.order_by().count()

    @property
    def has_more(self) -> bool:
        """True if more rows than COUNTED are found."""
        return self.is_narrowed and len(self._first_keys) > COUNTED

    def rows_from(self, start: int, stop: int) -> list[Row]:
        """Return the rows from `start` up to `stop` in their order. Takes two queries."""
        stop = min(stop, self.count)
        if self.is_narrowed:
            return self._load(self._first_keys[start:stop])
        if start <= self.count // 2:
            return self._load(list(self._keys[start:stop]))
        # From the other end, which is nearer.
        backwards = self.rows.reverse().values_list("pk", flat=True)
        return self._load(list(backwards[self.count - stop : self.count - start])[::-1])

    @property
    def _keys(self) -> "QuerySet[Row, Any]":
        return self.rows.values_list("pk", flat=True)

    @cached_property
    def _first_keys(self) -> list[Any]:
        return list(self._keys[: COUNTED + 1])


class RecordList(ChangeList):
    """A changelist whose rows are a list, read by their keys. `has_more` is True where not all were counted."""

    def get_filters(self, request: HttpRequest) -> Any:
        """Refuse a date beyond the calendar as Django refuses one that is malformed."""
        try:
            self._chosen_date()
            return super().get_filters(request)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters from error

    def get_results(self, request: HttpRequest) -> None:
        """Find the rows of the page. Refuse a value that only the database finds to be out of its range."""
        try:
            self._find_rows()
        except (OverflowError, ValueError, DataError) as error:
            raise IncorrectLookupParameters from error

    def _find_rows(self) -> None:
        paginator = KeyPaginator(self.queryset, self.list_per_page, load=self._load)
        self.result_count = paginator.count
        self.has_more = paginator.has_more
        self.can_show_all = self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > self.list_per_page
        self.show_full_result_count = False
        self.full_result_count = None
        self.show_admin_actions = True
        self.paginator = paginator
        if (self.show_all and self.can_show_all) or not self.multi_page:
            start, stop = 0, self.result_count
        else:
            try:
                number = paginator.validate_number(self.page_num)
            except InvalidPage as error:
                raise IncorrectLookupParameters from error
            start, stop = (number - 1) * self.list_per_page, number * self.list_per_page
        self.result_list = paginator.rows_from(start, stop)

    def _load(self, keys: list[Any]) -> list[Any]:
        rows = self.model_admin.rows_of(keys)  # type: ignore[attr-defined]
        by_key = {row.pk: row for row in self.apply_select_related(rows)}
        return [by_key[key] for key in keys if key in by_key]

    @property
    def by_date(self) -> "RecordList":
        """Return this list as Django's date_hierarchy is to see it."""
        seen = copy(self)
        seen.queryset = Dates(self.model, self.date_hierarchy, self._chosen_date())
        return seen

    def _chosen_date(self) -> list[int]:
        """Return the year, month and day that are chosen, as many as there are."""
        chosen = (self.params.get(f"{self.date_hierarchy}__{part}", "") for part in PERIODS)
        return [int(number) for number in takewhile(bool, chosen)]


PERIODS = ("year", "month", "day")


class Dates:
    """Tells which dates a table has, in place of a queryset that would read all of its rows. Takes three queries.

    Rows that filters leave out count, too.
    """

    def __init__(self, model: type[Model], field: str, chosen: list[int]) -> None:
        self.rows = model._default_manager.order_by()
        self.field = field
        self.chosen = chosen

    def aggregate(self, **_ends: object) -> dict[str, datetime | None]:
        return {"first": self._ends[0], "last": self._ends[1]}

    @cached_property
    def _ends(self) -> tuple[datetime | None, datetime | None]:
        """Return the earliest and the latest date. SQLite uses an index for one of them at a time."""
        there = self.rows.filter(**{f"{self.field}__isnull": False}).values_list(self.field, flat=True)
        return there.order_by(self.field).first(), there.order_by(f"-{self.field}").first()

    def datetimes(self, field: str, kind: str) -> list[datetime]:
        """Return the first moments of the years, months or days that have rows."""
        first, last = self._ends
        if first is None or last is None:
            return []
        starts = list(takewhile(lambda start: start <= last, _periods(first, kind, self.chosen)))
        wanted = [start for start in starts if _following(start, kind) > first]
        if not wanted:
            return []
        # By the index. EXISTS may read the table from its beginning, where the oldest rows are.
        by_date = self.rows.order_by(field).values(field)
        firsts = [Subquery(by_date.filter(**{f"{field}__gte": start})[:1]) for start in wanted]
        [found] = self.rows.order_by("pk").values_list(*firsts)[:1]
        return [
            start
            for start, row in zip(wanted, found, strict=True)
            if row is not None and row < _following(start, kind)
        ]


def _periods(first: datetime, kind: str, chosen: list[int]) -> Iterator[datetime]:
    """Yield the starts of the periods of this kind: of what is chosen, or else from the first row on."""
    level = PERIODS.index(kind)
    common = (chosen if len(chosen) >= level else [first.year, first.month])[:level]
    year, month = [*common, *[first.year, 1][level:]][:2]
    start = datetime(year, month, 1, tzinfo=UTC)
    while [start.year, start.month][:level] == common:
        yield start
        start = _following(start, kind)


def _following(start: datetime, kind: str) -> datetime:
    """Return the start of the next period."""
    match kind:
        case "year":
            return start.replace(year=start.year + 1)
        case "month":
            return (start + timedelta(days=32)).replace(day=1)
        case _:
            return start + timedelta(days=1)


def is_narrowed(rows: "QuerySet[Any]") -> bool:
    """True if these are not all rows of their table."""
    return bool(rows.query.where)


class IndexedValuesFilter(AllValuesFieldListFilter):
    """Offers all values of a field. They are read by its index, from each to the next, and not from every row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        table, column = (
            connection.ops.quote_name(name) for name in (self.field.model._meta.db_table, self.field.attname)
        )
        following = f"(SELECT MIN({column}) FROM {table} WHERE {column} > found.value)"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH RECURSIVE found(value) AS (SELECT MIN({column}) FROM {table} UNION ALL "  # noqa: S608
                f"SELECT {following} FROM found WHERE found.value IS NOT NULL) "
                "SELECT value FROM found WHERE value IS NOT NULL"
            )
            self.lookup_choices: Any = [value for (value,) in cursor.fetchall()]
