"""Names stand in their natural order on every database, in lists of any length, and old rows get their keys."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.files.natural_order import MAX_KEY_LENGTH, natural_key
from tests.factories import recorded_file

# As people expect them; of equal ones the order does not matter.
ORDERED = (
    "1 first.txt",
    "2.txt",
    "10.txt",
    "Äpfel.txt",
    "apfelmus.txt",
    "file.txt",
    "file1.txt",
    "File2.txt",
    "file10.txt",
    "file10b.txt",
    "file100.txt",
    "straße 3",
    "STRASSE 20",
    "zoë",
    "日本",
)


def test_numbers_count_and_capitals_and_accents_do_not() -> None:
    assert [*ORDERED] == sorted({*ORDERED}, key=natural_key)
    assert natural_key("Été 007.TXT") == natural_key("ete 7.txt")


@pytest.mark.parametrize("name", ["", "0", "000", "9" * 255, "\N{GRINNING FACE}" * 255, "½²٣", "ﷺ" * 255])
def test_every_name_has_a_key_that_an_index_takes(name: str) -> None:
    assert len(natural_key(name)) <= MAX_KEY_LENGTH


@pytest.mark.django_db
def test_the_dashboard_lists_in_this_order(alice: User, alice_client: Client) -> None:
    for name in reversed(ORDERED):
        recorded_file(alice, name=name)
    page = alice_client.get("/", {"files-sort": "name"}).context["files"].page
    assert [file.name for file in page] == list(ORDERED)


@pytest.mark.django_db
def test_a_renamed_file_moves_to_its_place(alice: User, alice_client: Client) -> None:
    last = recorded_file(alice, name="c")
    recorded_file(alice, name="b")
    last.rename("a", by=alice)
    page = alice_client.get("/", {"files-sort": "name"}).context["files"].page
    assert [file.name for file in page] == ["a", "b"]


@pytest.mark.django_db
def test_rows_from_before_get_their_keys_and_kinds(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    migration = import_module("sharing.files.migrations.0015_fill_listed")
    monkeypatch.setattr(migration, "ROWS_AT_ONCE", 2)
    for name in ORDERED:
        recorded_file(alice, name=name)
    File.objects.update(kind="", name_key=b"")
    migration.fill(apps, SimpleNamespace(connection=connection))
    files = File.objects.order_by("name_key")
    assert [file.name for file in files] == list(ORDERED)
    assert {file.kind for file in files} == {"document"}
