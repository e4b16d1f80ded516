"""Django's database cache, except that it raises errors when the database takes no writes."""

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache as DjangoDatabaseCache
from django.db import IntegrityError, connections, router, transaction
from django.utils import timezone


class DatabaseCache(DjangoDatabaseCache):
    """Raises what Django's takes for a lost race. Else a use that cannot be counted would read as a limit reached."""

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        def attempt() -> bool:
            return bool(super(DatabaseCache, self)._base_set(mode, key, value, timeout))  # type: ignore[misc]

        if attempt():
            return True
        # To find a key there is no failure of adding it, nor to find none of touching it.
        if mode == "touch" or (mode == "add" and self._holds(key)):
            return False
        self._require_writable(key)
        return attempt()

    def _holds(self, key: str) -> bool:
        """Return True if there is a value under this key, which has its prefix already."""
        with connections[self._database].cursor() as cursor:
            cursor.execute(
                f"SELECT 1 FROM {self._quoted} WHERE cache_key = %s AND expires > %s",  # noqa: S608 (our table)
                [key, self._moment()],
            )
            return cursor.fetchone() is not None

    def _require_writable(self, key: str) -> None:
        """Write a row that has expired, so that what hinders it is raised."""
        row = f"INSERT INTO {self._quoted} (cache_key, value, expires) VALUES (%s, '', %s)"  # noqa: S608 (our table)
        try:
            with transaction.atomic(using=self._database), connections[self._database].cursor() as cursor:
                cursor.execute(row, [key, self._moment()])
        except IntegrityError:
            pass  # somebody else was first, so there is room

    @property
    def _database(self) -> str:
        return str(router.db_for_write(self.cache_model_class))

    @property
    def _quoted(self) -> str:
        return connections[self._database].ops.quote_name(self._table)  # type: ignore[attr-defined]

    def _moment(self) -> Any:
        return connections[self._database].ops.adapt_datetimefield_value(
            timezone.now().replace(microsecond=0)
        )
