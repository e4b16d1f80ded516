"""Rows of an earlier release keep working under their former names: queued tasks, and the table of a model."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.tasks import Task
from django.utils.module_loading import import_string


@pytest.mark.parametrize(
    ("former", "name"),
    [
        ("move_file", "rotate_key"),
        ("end_signed_urls", "invalidate_presigned_urls"),
        ("end_signed_urls_of", "invalidate_presigned_urls_of"),
        ("finish_moves", "finish_key_rotations"),
        ("release_what_is_gone", "release_purged_quota"),
        ("watch_parts", "close_oversized_uploads"),
        ("clear_leftovers", "delete_orphaned_objects"),
        ("heal_arrived_uploads", "complete_arrived_uploads"),
        ("examine_checksums", "detect_sha256_support"),
    ],
)
def test_a_task_that_was_queued_under_its_former_path_is_found(former: str, name: str) -> None:
    task = import_string(f"sharing.files.tasks.{former}")
    assert isinstance(task, Task)
    assert task.module_path == f"sharing.files.tasks.{name}"


@pytest.mark.django_db(transaction=True)
def test_orphaned_objects_keep_their_table() -> None:
    sql = StringIO()
    call_command("sqlmigrate", "files", "0007", stdout=sql)
    statements = [line for line in sql.getvalue().splitlines() if line and not line.startswith("--")]
    assert statements in ([], ["BEGIN;", "COMMIT;"])
