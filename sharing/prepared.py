"""Prepared statements: querysets that Django compiles to SQL once in each thread, and that are run with other values.

A Parameter stands in the queryset wherever a value is given later. For what every visitor asks; why, and which private
parts of Django this needs: docs/decisions/0019-compile-what-every-visitor-asks-once.md.
"""

import json
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, cast

from django.db import connection, models, router, transaction
from django.db.models import FETCH_ONE, Expression
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery


class Parameter(Expression):
    """A placeholder in a queryset for a value of this field, which is given when the statement is run."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)

    def prepared(self, value: object) -> object:
        return self.output_field.get_db_prep_value(value, connection=connection)


class _Statement:
    """Compiled SQL with its parameters, for the connection of one thread."""

    def __init__(self, compiler: Any) -> None:
        sql = compiler.as_sql()
        [(self.sql, self.params)] = sql if isinstance(sql, list) else [sql]
        self.compiler = compiler

    def run(self, cursor: Any, values: dict[str, object]) -> None:
        params = [
            given.prepared(values[given.name]) if isinstance(given, Parameter) else given
            for given in self.params
        ]
        cursor.execute(self.sql, params)


class _Select(_Statement):
    """A compiled SELECT, and how its rows become instances."""

    def __init__(self, compiler: Any) -> None:
        super().__init__(compiler)
        info, select = compiler.klass_info, compiler.select
        self.own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        self.model = info["model"]
        # A set: a row of which some fields are deferred looks each of them up.
        self.names = {column[0].target.attname for column in select[self.own]}
        self.converters = compiler.get_converters([column[0] for column in select])
        self.related = get_related_populators(info, select, compiler.using, FETCH_ONE)
        self.annotations = compiler.annotation_col_map or {}

    def instances(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """Return an instance for each row, with its related rows and annotations, as Django's ModelIterable does."""
        found = []
        for row in self.compiler.apply_converters(rows, self.converters) if self.converters else rows:
            instance = self.model.from_db(
                self.compiler.using, self.names, row[self.own], fetch_mode=FETCH_ONE
            )
            for populator in self.related:
                populator.populate(row, instance)
            for name, place in self.annotations.items():
                setattr(instance, name, row[place])
            found.append(instance)
        return found


class _SelectAsText(_Select):
    """A SELECT of SQLite whose rows are one value, a JSON array of arrays.

    SQLite hands out rows one by one, and for each of them Python's threads take turns, which takes longer than to read
    it. Not for columns of bytes or floats.
    """

    def __init__(self, compiler: Any) -> None:
        super().__init__(compiler)
        columns = ", ".join(f"c{number}" for number in range(len(compiler.select)))
        # The order is that of the SELECT: its LIMIT keeps SQLite from merging the two.
        as_text = f"count(*), json_group_array(json_array({columns}))"
        self.sql = f"WITH seen({columns}) AS ({self.sql}) SELECT {as_text} FROM seen"  # noqa: S608 (its own names)


class FetchedRows[Row: models.Model]:
    """Rows as the database gave them, to be compared by `raw`. Instances are made of them when they are asked for."""

    def __init__(self, select: _Select, fetched: Sequence[Any]) -> None:
        self._select = select
        self._is_text = isinstance(select, _SelectAsText)
        count, raw = fetched[0] if self._is_text else (len(fetched), fetched)
        self._count = int(count)
        # Equal for two fetches if every value of every row is.
        self.raw: Any = raw

    def __len__(self) -> int:
        return self._count

    @cached_property
    def instances(self) -> list[Row]:
        """Return an instance for each row, with its related rows and annotations."""
        return self._select.instances(json.loads(self.raw) if self._is_text else self.raw)


class _Prepared[Kind: _Statement]:
    """A statement that each thread compiles when it first needs it: a compiler belongs to one connection."""

    def __init__(self) -> None:
        self._of_thread = threading.local()

    def compile(self) -> Kind:
        """Return the statement for the connection of this thread."""
        raise NotImplementedError

    def _statement(self) -> Kind:
        if not hasattr(self._of_thread, "statement"):
            self._of_thread.statement = self.compile()
        return cast("Kind", self._of_thread.statement)


class PreparedSelect[Row: models.Model](_Prepared[_Select]):
    """Rows of a queryset, which `build` returns."""

    def __init__(self, build: "Callable[[], models.QuerySet[Any, Row]]") -> None:
        super().__init__()
        self._build = build

    def all(self, **values: object) -> list[Row]:
        """Return every row. Takes one query."""
        statement = self._statement()
        with connection.cursor() as cursor:
            statement.run(cursor, values)
            return statement.instances(cursor.fetchall())

    def get(self, **values: object) -> Row:
        """Return the one row. Takes one query. Raises the model's DoesNotExist."""
        found = self.all(**values)
        if not found:
            raise self._statement().model.DoesNotExist
        return found[0]

    def compile(self) -> _Select:
        queryset = self._build()
        return _Select(queryset.query.get_compiler(using=queryset.db))


class PreparedRows[Row: models.Model](_Prepared[_Select]):
    """Rows of a queryset with a limit, which `build` returns, for whoever may need no instances of them."""

    def __init__(self, build: "Callable[[], models.QuerySet[Any, Row]]") -> None:
        super().__init__()
        self._build = build

    def fetch(self, **values: object) -> FetchedRows[Row]:
        """Return every row. Takes one query."""
        statement = self._statement()
        with connection.cursor() as cursor:
            statement.run(cursor, values)
            return FetchedRows(statement, cursor.fetchall())

    def compile(self) -> _Select:
        queryset = self._build()
        kind = _SelectAsText if connection.vendor == "sqlite" else _Select
        return kind(queryset.query.get_compiler(using=queryset.db))


class PreparedUpdate(_Prepared[_Statement]):
    """An UPDATE of the rows of a queryset, which `build` returns. `changes` are what `QuerySet.update()` would take."""

    def __init__(self, build: "Callable[[], models.QuerySet[Any, Any]]", **changes: Any) -> None:
        super().__init__()
        self._build = build
        self._changes = changes

    def run(self, **values: object) -> int:
        """Return how many rows were updated. Takes one UPDATE."""
        statement = self._statement()
        with connection.cursor() as cursor:
            statement.run(cursor, values)
            return int(cursor.rowcount)

    def compile(self) -> _Statement:
        queryset = self._build()
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(self._changes)  # type: ignore[attr-defined]
        query.clear_ordering(force=True)
        # As QuerySet.update() does: annotations, which an UPDATE never returns, would stand in its subqueries.
        query.annotations = {}
        return _Statement(query.get_compiler(using=router.db_for_write(queryset.model)))


class PreparedInsert(_Prepared[_Statement]):
    """An INSERT of one row. Sends no signals, and does not return the new row's key."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__()
        self._model = model

    def save(self, row: models.Model) -> None:
        """Insert the row, whose key stays unknown. Takes one INSERT."""
        statement = self._statement()
        with connection.cursor() as cursor:
            statement.run(cursor, self.values_of(row))

    def values_of(self, row: models.Model) -> dict[str, object]:
        """Return the values of the row that are inserted, by the names of the columns' attributes."""
        return {field.attname: getattr(row, field.attname) for field in self._fields}

    @cached_property
    def _fields(self) -> "list[models.Field[Any, Any]]":
        return [field for field in self._model._meta.concrete_fields if not field.primary_key]

    def compile(self) -> _Statement:
        fields = self._fields
        row = self._model()
        for field in fields:
            setattr(row, field.attname, Parameter(field.attname, field))
        query = InsertQuery(self._model)
        query.insert_values(fields, [row])
        return _Statement(query.get_compiler(using=router.db_for_write(self._model)))


class PreparedUpdateAndInsert:
    """An UPDATE of one row and an INSERT that is made only if it was updated. Either both are done or neither.

    On PostgreSQL it is one statement, and one round trip instead of four.
    """

    def __init__(self, update: PreparedUpdate, insert: PreparedInsert) -> None:
        self._update = update
        self._insert = insert
        self._both = _PreparedBoth(update, insert)

    def save(self, row: models.Model, **values: object) -> bool:
        """Return whether a row was updated, with these values, and `row` inserted, whose key stays unknown."""
        if connection.vendor == "postgresql":
            return self._both.save(row, **values)
        # In a transaction of the caller's a savepoint would be two statements more, and is not needed.
        with transaction.atomic(savepoint=False):
            if not self._update.run(**values):
                return False
            self._insert.save(row)
        return True


class _PreparedBoth(_Prepared[_Statement]):
    """Both as one statement of PostgreSQL: the INSERT of as many rows as the UPDATE returns."""

    def __init__(self, update: PreparedUpdate, insert: PreparedInsert) -> None:
        super().__init__()
        self._update = update
        self._insert = insert

    def save(self, row: models.Model, **values: object) -> bool:
        statement = self._statement()
        with connection.cursor() as cursor:
            statement.run(cursor, {**self._insert.values_of(row), **values})
            return int(cursor.rowcount) > 0

    def compile(self) -> _Statement:
        update, insert = self._update.compile(), self._insert.compile()
        into, given = insert.sql.split(" VALUES ")
        update.sql = f"WITH updated AS ({update.sql} RETURNING 1) {into} SELECT {given[1:-1]} FROM updated"  # noqa: S608
        update.params = [*update.params, *insert.params]
        return update
