"""Migration operations that build indexes while the table is in use: PostgreSQL keeps no writer waiting meanwhile.

Why not Django's AddIndexConcurrently: it is for PostgreSQL alone, and fails on SQLite. Its build gives up after the
database's lock_timeout, and whenever one is interrupted it leaves an invalid index, at which the next try fails.
"""

import logging
from collections.abc import Callable

from django.apps.registry import Apps
from django.db import DatabaseError, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex
from django.db.migrations.state import ProjectState
from django.db.models import Model
from django.db.transaction import TransactionManagementError

logger = logging.getLogger(__name__)


class AddIndexOnline(AddIndex):
    """AddIndex, and on PostgreSQL CREATE INDEX CONCURRENTLY. Its migration needs `atomic = False`.

    Safe to repeat. Raises TransactionManagementError in a transaction.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if not _is_postgresql(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif model := self._model(app_label, schema_editor, to_state):
            _build(
                schema_editor,
                self.index.name,
                lambda: schema_editor.add_index(model, self.index, concurrently=True),  # type: ignore[call-arg]
            )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if not _is_postgresql(schema_editor):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        elif model := self._model(app_label, schema_editor, from_state):
            schema_editor.remove_index(model, self.index, concurrently=True)  # type: ignore[call-arg]

    def _model(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> type[Model] | None:
        """Return the model, None if its table is not in this database."""
        apps: Apps = state.apps
        model = apps.get_model(app_label, self.model_name)
        return model if self.allow_migrate_model(schema_editor.connection.alias, model) else None


def add_search_index(name: str, table: str, *columns: str) -> migrations.RunPython:
    """Return an operation that indexes these columns for `icontains`. Its migration needs `atomic = False`.

    The index is of trigrams. Safe to repeat. On SQLite, and where the database's owner may not install pg_trgm,
    searches read all rows of their owner.
    """

    def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if not _is_postgresql(schema_editor):
            return
        quote = schema_editor.quote_name
        # As Django writes icontains.
        keys = ", ".join(f"UPPER({quote(column)}::text) gin_trgm_ops" for column in columns)
        try:
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError as error:
            logger.warning("Searches stay slow where there are many rows: no pg_trgm (%s)", error)
            return
        _build(
            schema_editor,
            name,
            lambda: schema_editor.execute(
                f"CREATE INDEX CONCURRENTLY {quote(name)} ON {quote(table)} USING gin ({keys})"
            ),
        )

    def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if _is_postgresql(schema_editor):
            _drop(schema_editor, name)

    return migrations.RunPython(add, remove)


def _is_postgresql(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "postgresql"


def _build(schema_editor: BaseDatabaseSchemaEditor, name: str, create: Callable[[], None]) -> None:
    """Create an index of this name, after dropping what an interrupted build has left of it.

    It waits without limit for transactions that are older: giving up would leave an invalid index.
    """
    if schema_editor.connection.in_atomic_block:
        raise TransactionManagementError("An index is built online outside a transaction: atomic = False.")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        [lock_timeout] = cursor.fetchone()
        cursor.execute("SET lock_timeout = 0")
        try:
            _drop(schema_editor, name)
            create()
        finally:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [lock_timeout])


def _drop(schema_editor: BaseDatabaseSchemaEditor, name: str) -> None:
    schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(name)}")
