"""Indexes for searches within names: on PostgreSQL trigrams, where the database's owner may install pg_trgm."""

import logging

from django.apps.registry import Apps
from django.db import DatabaseError, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

logger = logging.getLogger(__name__)


def add_search_index(name: str, table: str, *columns: str) -> migrations.RunPython:
    """Return an operation that indexes these columns for `icontains`. Its migration needs `atomic = False`.

    Safe to repeat. Without pg_trgm, and on SQLite, searches read all rows of their owner.
    """

    def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        quote = schema_editor.quote_name
        # As Django writes icontains.
        keys = ", ".join(f"UPPER({quote(column)}::text) gin_trgm_ops" for column in columns)
        with schema_editor.connection.cursor() as cursor:
            try:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            except DatabaseError as error:
                logger.warning("Searches stay slow where there are many rows: no pg_trgm (%s)", error)
                return
            cursor.execute("SHOW lock_timeout")
            [lock_timeout] = cursor.fetchone()
            cursor.execute("SET lock_timeout = 0")
            try:
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {quote(name)}")
                cursor.execute(
                    f"CREATE INDEX CONCURRENTLY {quote(name)} ON {quote(table)} USING gin ({keys})"
                )
            finally:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [lock_timeout])

    def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(name)}")

    return migrations.RunPython(add, remove)
