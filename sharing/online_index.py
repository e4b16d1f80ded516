"""Adds an index while the table is in use: on PostgreSQL it is built without a lock that keeps writers waiting."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex
from django.db.migrations.state import ProjectState
from django.db.transaction import TransactionManagementError


class AddIndexOnline(AddIndex):
    """AddIndex, and on PostgreSQL CREATE INDEX CONCURRENTLY. Its migration needs `atomic = False`.

    Safe to repeat: a build that was interrupted leaves an invalid index, which is dropped first. Raises
    TransactionManagementError in a transaction.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        apps: Apps = to_state.apps
        model = apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        if schema_editor.connection.in_atomic_block:
            raise TransactionManagementError(
                "An index is built online outside a transaction: atomic = False."
            )
        # It waits for transactions that are older, and would leave an invalid index if it gave up.
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            [lock_timeout] = cursor.fetchone()
            cursor.execute("SET lock_timeout = 0")
            try:
                cursor.execute(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}"
                )
                schema_editor.add_index(model, self.index, concurrently=True)  # type: ignore[call-arg]
            finally:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [lock_timeout])

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
            return
        apps: Apps = from_state.apps
        model = apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_index(model, self.index, concurrently=True)  # type: ignore[call-arg]
