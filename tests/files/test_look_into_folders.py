"""The files in a folder or below it are found by one range of an index."""

import pytest
from django.db import connection

from sharing.accounts.models import User
from sharing.files.models import File
from tests.factories import recorded_file

pytestmark = pytest.mark.django_db

INSIDE = ["a", "a/b", "a/b/c", "a/~", "a/\U0010ffff"]
OUTSIDE = ["", "A", "A/b", "a ", "a-2", "a!", "a.", "a./b", "a0", "ab", "b/a"]


def test_a_folder_holds_its_own_files_and_those_below_it(alice: User) -> None:
    for path in [*INSIDE, *OUTSIDE]:
        recorded_file(alice, path=path)
    assert {file.path for file in alice.files.present().in_folder("a")} == {*INSIDE}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's plans: tests/pages/test_many_rows.py")
def test_sqlite_reads_one_range_of_the_index(alice: User) -> None:
    """For two ranges it reads all files once it knows that one person owns most of them."""
    plan = File.objects.filter(owner=alice).ready().in_folder("a").order_by().values("size").explain()
    assert plan.count("file_by_folder (owner_id=? AND path>? AND path<?)") == 1
    assert "SCAN" not in plan
    assert "OR" not in plan
