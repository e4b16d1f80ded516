"""Files and folders are moved and renamed: links keep working, nothing in the bucket moves, and it can be undone."""

import re

import pytest
from django.test import Client

from sharing.accounts.models import User
from sharing.audit.models import Event
from tests.factories import link_to, recorded_file
from tests.html import flat

pytestmark = pytest.mark.django_db
MOVE = "/files/move/"


def places(owner: User) -> set[str]:
    return {f"{file.path}/{file.name}".lstrip("/") for file in owner.files.present()}


@pytest.fixture
def tree(alice: User, bob: User) -> None:
    for path, name in (("a", "1"), ("a/b", "2"), ("a/b/c", "3"), ("a-2", "4"), ("", "5")):
        recorded_file(alice, path=path, name=name)
    recorded_file(bob, path="a", name="theirs")


def undo(client: Client, page: str) -> None:
    found = re.search(r'action="(/files/move/undone/[^"]+)"', page)
    assert found
    client.post(found[1])


def test_files_go_where_they_are_told(alice: User, alice_client: Client) -> None:
    files = [recorded_file(alice, name=name, path=path) for name, path in (("1", ""), ("2", "b"))]
    key = files[0].object_key
    link = link_to(*files)
    answer = alice_client.post(MOVE, {"file": [file.pk for file in files], "to": "c/d"}, follow=True)
    assert "Moved or renamed 2 files." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == "/?folder=c%2Fd#files"
    assert places(alice) == {"c/d/1", "c/d/2"}
    files[0].refresh_from_db()
    assert files[0].object_key == key
    assert link.files.count() == 2
    [event] = Event.objects.filter(action="file.folder_changed", subject_id=str(files[1].pk))
    assert (event.actor, event.details["before"], event.details["after"]) == (alice, "b", "c/d")


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("to", "name", "moved"),
    [
        ("x", "a", {"x/a/1", "x/a/b/2", "x/a/b/c/3"}),
        ("", "renamed", {"renamed/1", "renamed/b/2", "renamed/b/c/3"}),
        ("a-2", "a", {"a-2/a/1", "a-2/a/b/2", "a-2/a/b/c/3"}),
    ],
)
def test_a_folder_goes_with_all_below_it_and_nothing_beside_it(
    alice: User, bob: User, alice_client: Client, to: str, name: str, moved: set[str]
) -> None:
    before = places(alice)
    page = alice_client.post(MOVE, {"folder": "a", "to": to, "name": name}, follow=True).content.decode()
    assert places(alice) == moved | {"a-2/4", "5"}
    assert places(bob) == {"a/theirs"}
    undo(alice_client, page)
    assert places(alice) == before


@pytest.mark.usefixtures("tree")
def test_a_folder_within_a_folder_moves_up(alice: User, alice_client: Client) -> None:
    alice_client.post(MOVE, {"folder": "a/b", "to": "", "name": "b"})
    assert places(alice) == {"a/1", "b/2", "b/c/3", "a-2/4", "5"}


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("to", ["a", "a/b", "a/b/c", "../x", "x//y", "x" * 1020])
def test_a_folder_does_not_go_into_itself_nor_where_no_path_leads(
    alice: User, alice_client: Client, to: str
) -> None:
    before = places(alice)
    answer = alice_client.post(MOVE, {"folder": "a", "to": to, "name": "a"})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert places(alice) == before
    assert not Event.objects.filter(action="file.folder_changed").exists()


def test_one_file_is_renamed_where_it_is(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice, name="old.txt", path="a")
    page = flat(alice_client.get(MOVE, {"file": str(file.pk)}).content.decode())
    assert 'value="old.txt"' in page
    assert "Rename or move" in page
    alice_client.post(MOVE, {"file": str(file.pk), "to": "a", "name": "new.txt"})
    assert places(alice) == {"a/new.txt"}
    assert Event.objects.get(action="file.renamed").details == {"before": "old.txt"}


def test_all_that_was_found_moves(alice: User, alice_client: Client) -> None:
    for number in range(3):
        recorded_file(alice, name=f"{number}.jpg", path=f"from {number}")
    recorded_file(alice, name="beside.txt")
    given = {"found": "all", "q": "jpg", "in": ""}
    assert "All 3 files" in flat(alice_client.get(MOVE, given).content.decode())
    alice_client.post(MOVE, given | {"to": "photos"})
    assert places(alice) == {"photos/0.jpg", "photos/1.jpg", "photos/2.jpg", "beside.txt"}


def test_undoing_leaves_alone_what_was_moved_again(alice: User, alice_client: Client) -> None:
    files = [recorded_file(alice, name=name) for name in "12"]
    page = alice_client.post(MOVE, {"file": [file.pk for file in files], "to": "a"}, follow=True)
    alice_client.post(MOVE, {"file": str(files[0].pk), "to": "b", "name": "1"})
    undo(alice_client, page.content.decode())
    assert places(alice) == {"b/1", "2"}


@pytest.mark.usefixtures("tree")
def test_others_move_nothing(alice: User, bob_client: Client, alice_client: Client) -> None:
    before = places(alice)
    file = alice.files.get(name="1")
    for given in ({"file": str(file.pk)}, {"folder": "a-2"}):
        for answer in (bob_client.get(MOVE, given), bob_client.post(MOVE, given | {"to": "x"})):
            assert answer.status_code == 404
    page = alice_client.post(MOVE, {"folder": "a-2", "to": "x", "name": "a-2"}, follow=True).content.decode()
    undo(bob_client, page)
    assert places(alice) == (before - {"a-2/4"}) | {"x/a-2/4"}


def test_nothing_selected_leads_back(alice_client: Client) -> None:
    assert alice_client.get(MOVE)["Location"] == "/"
