"""Files are filtered by the address, together with a search, a folder and an order; "all" keeps to what they leave."""

import pytest
from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from sharing.files.models import File
from tests.factories import link_to, recorded_file
from tests.html import flat
from tests.requests.factories import arrived, known_guest, request_of

pytestmark = pytest.mark.django_db


def of_type(owner: User, name: str, content_type: str, **fields: object) -> File:
    file = recorded_file(owner, name=name, **fields)  # type: ignore[arg-type]
    file.content_type = content_type
    file.save()
    return file


def names(client: Client, **query: str) -> set[str]:
    return {file.name for file in client.get("/", query).context["files"].page}


@pytest.fixture
def mixed(alice: User) -> None:
    of_type(alice, "beach.jpg", "image/jpeg", size=5)
    of_type(alice, "party.mov", "video/quicktime", size=2_000_000_000)
    of_type(alice, "song.mp3", "audio/mpeg", size=5)
    of_type(alice, "bill.pdf", "application/pdf", size=5, path="tax")
    of_type(alice, "table.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    of_type(alice, "all.zip", "application/zip", size=200_000_000)
    of_type(alice, "IMG.HEIC", "application/octet-stream", path="tax")
    of_type(alice, "unknown", "application/octet-stream")


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("picture", {"beach.jpg", "IMG.HEIC"}),
        ("video", {"party.mov"}),
        ("audio", {"song.mp3"}),
        ("document", {"bill.pdf", "table.xlsx"}),
        ("archive", {"all.zip"}),
        ("other", {"unknown"}),
    ],
)
def test_each_type_finds_its_own(alice_client: Client, kind: str, found: set[str]) -> None:
    assert names(alice_client, kind=kind) == found


@pytest.mark.usefixtures("mixed")
def test_sizes_find_what_is_larger(alice_client: Client) -> None:
    assert names(alice_client, over="100MB") == {"party.mov", "all.zip"}
    assert names(alice_client, over="1GB") == {"party.mov"}
    assert names(alice_client, over="10GB") == set()


@pytest.mark.usefixtures("mixed")
def test_they_go_together_with_each_other_a_search_and_a_folder(alice_client: Client) -> None:
    assert names(alice_client, kind="picture", q="beach") == {"beach.jpg"}
    assert names(alice_client, kind="picture", folder="tax") == {"IMG.HEIC"}
    assert names(alice_client, kind="picture", over="1GB") == set()
    page = flat(alice_client.get("/", {"kind": "picture", "over": "1GB"}).content.decode())
    assert "No files match these filters" in page


def test_a_link_counts_while_it_works(alice: User, bob: User, alice_client: Client) -> None:
    _working, revoked, expired = (link_to(recorded_file(alice, name=name)) for name in ("a", "b", "c"))
    recorded_file(alice, name="d")
    revoked.revoke(by=alice)
    type(expired).objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    link_to(recorded_file(bob, name="e"))
    assert names(alice_client, linked="yes") == {"a"}
    assert names(alice_client, linked="no") == {"b", "c", "d"}


def test_those_from_a_request_are_told_from_ones_own(alice: User, alice_client: Client) -> None:
    arrived(known_guest(request_of(alice), "Gil"), name="theirs.txt")
    recorded_file(alice, name="mine.txt")
    assert names(alice_client, source="request") == {"theirs.txt"}
    assert names(alice_client, source="me") == {"mine.txt"}


@pytest.mark.usefixtures("mixed")
def test_all_that_were_found_is_what_the_filters_leave(alice: User, alice_client: Client) -> None:
    given = {"found": "all", "q": "", "in": "", "kind": "picture"}
    page = flat(alice_client.get("/links/new/", given).content.decode())
    assert "All 2 files" in page
    assert '<input type="hidden" name="kind" value="picture">' in page
    alice_client.post("/files/deletion/", given)
    assert not alice.files.present().filter(kind="picture").exists()
    assert alice.files.present().count() == 6


def test_the_list_of_a_page_sends_its_filters_with_all(alice: User, alice_client: Client) -> None:
    for number in range(30):
        of_type(alice, f"{number}.jpg", "image/jpeg")
    page = flat(alice_client.get("/", {"kind": "picture", "files-sort": "name"}).content.decode())
    assert "All 30 that were found" in page
    assert page.count('<input type="hidden" name="kind" value="picture">') == 2  # of the search, and of all
    assert 'href="?kind=picture&amp;files-sort=name&amp;files-page=2#files"' in page


@pytest.mark.usefixtures("mixed")
def test_what_is_chosen_stands_beside_with_a_press_to_take_it_off(alice_client: Client) -> None:
    page = flat(alice_client.get("/", {"kind": "picture", "linked": "no"}).content.decode())
    assert 'href="?linked=no#files" aria-label="Remove filter: Pictures"' in page
    assert 'href="?kind=picture#files" aria-label="Remove filter: No active link"' in page


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize("query", [{"kind": "nonsense"}, {"over": "-1"}, {"linked": "'"}, {"source": "x"}])
def test_what_is_no_filter_is_left_out(alice_client: Client, query: dict[str, str]) -> None:
    assert len(names(alice_client, **query)) == 8


def test_a_file_that_is_renamed_is_found_by_its_new_ending(alice: User, alice_client: Client) -> None:
    file = of_type(alice, "unknown", "application/octet-stream")
    file.rename("film.mkv", by=alice)
    assert names(alice_client, kind="video") == {"film.mkv"}
