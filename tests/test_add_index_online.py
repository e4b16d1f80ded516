"""Indexes that are built while a table is in use can be built again, and leave the connection as it was."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Index
from django.db.transaction import TransactionManagementError

from sharing.files.models import File
from sharing.online_index import AddIndexOnline, add_search_index

NAME = "file_built_online"
OPERATIONS: dict[str, Operation] = {
    "index": AddIndexOnline("file", Index(fields=["name"], name=NAME)),
    "search index": add_search_index(NAME, "files_file", "name"),
}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite builds no index online"),
]


@pytest.fixture(params=OPERATIONS.values(), ids=[*OPERATIONS])
def operation(request: pytest.FixtureRequest) -> Operation:
    operation: Operation = request.param
    return operation


def run(operation: Operation, *, backwards: bool = False) -> None:
    state = ProjectState.from_apps(apps)
    with connection.schema_editor(atomic=False) as editor:
        apply = operation.database_backwards if backwards else operation.database_forwards
        apply("files", editor, state, state)


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, File._meta.db_table))


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


def test_it_is_built_again_and_removed(operation: Operation) -> None:
    before = lock_timeout()
    run(operation)
    run(operation)  # as after a build that was interrupted
    assert NAME in indexes()
    run(operation, backwards=True)
    assert NAME not in indexes()
    assert lock_timeout() == before != "0"


def test_it_is_refused_in_a_transaction(operation: Operation) -> None:
    with pytest.raises(TransactionManagementError, match="atomic = False"), transaction.atomic():
        run(operation)
    assert NAME not in indexes()
