"""The grid shows what the list shows, by the address, with the same ticks and menus."""

import re

import pytest
from django.test import Client

from sharing.accounts.models import User
from tests.factories import recorded_file
from tests.html import flat

pytestmark = pytest.mark.django_db


def page(client: Client, **query: str) -> str:
    return flat(client.get("/", query).content.decode())


def test_files_and_folders_are_cards_with_ticks_and_menus(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice, name="beach.jpg", has_thumbnail=True)
    recorded_file(alice, name="within.jpg", path="photos")
    shown = page(alice_client, view="grid")
    assert 'class="file-grid"' in shown
    assert '<table class="stacks" role="table"> <caption class="visually-hidden">Files' not in shown
    assert f'name="file" value="{file.pk}" form="pick"' in shown
    assert 'name="folder" value="photos" form="pick"' in shown
    assert "More actions for beach.jpg" in shown
    assert re.search(r'<img src="[^"]+"', shown)


def test_the_choice_stays_while_one_looks_around(alice: User, alice_client: Client) -> None:
    for number in range(30):
        recorded_file(alice, name=f"{number}.jpg", path="photos")
    shown = page(alice_client, view="grid")
    assert '<input type="hidden" name="view" value="grid">' in shown
    for address in (
        "?view=grid&amp;folder=photos#files",
        "?view=grid&amp;files-page=2#files",
        "?view=grid&amp;kind=picture#files",
        "?view=grid&amp;files-sort=name#files",
    ):
        assert f'href="{address}"' in shown
    assert 'href="?#files" >List</a>' in shown or 'href="?#files">List</a>' in shown


@pytest.mark.parametrize("view", ["", "list", "nonsense"])
def test_anything_else_is_the_list(alice: User, alice_client: Client, view: str) -> None:
    recorded_file(alice)
    assert 'class="file-grid"' not in page(alice_client, view=view)
