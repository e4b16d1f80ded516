"""Adding files to a link and taking them out again."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File
from sharing.links import rules
from sharing.links.errors import TooManyFiles
from sharing.links.models import Link
from tests.factories import kept_file, link_to
from tests.races import race, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(alice: User) -> File:
    return kept_file(alice, name="first.txt")


@pytest.fixture
def link(file: File) -> Link:
    return link_to(file)


def add(client: Client, link: Link, *files: object) -> int:
    address = reverse("link_files", args=[link.public_id])
    return client.post(address, {"file": [str(file) for file in files]}).status_code


def remove(client: Client, link: Link, file: File) -> int:
    return client.post(reverse("link_file_removal", args=[link.public_id, file.pk])).status_code


def fetch(link: Link, file: File) -> int:
    return Client().post(reverse("landing_download", args=[link.token, file.pk])).status_code


def test_an_added_file_is_granted(link: Link, alice: User, alice_client: Client, visitor: Client) -> None:
    more = kept_file(alice, name="more.txt")
    assert fetch(link, more) == 404
    assert add(alice_client, link, more.pk) == 302
    assert fetch(link, more) == 303
    assert "more.txt" in visitor.get(link.url).content.decode()
    event = Event.objects.get(action="link.file_added")
    assert (event.actor, event.details) == (alice, {"file": str(more.pk), "name": "more.txt"})


def test_adding_twice_is_once(link: Link, file: File, alice: User, alice_client: Client) -> None:
    more = kept_file(alice)
    add(alice_client, link, more.pk, file.pk)
    add(alice_client, link, more.pk)
    assert link.items.count() == 2
    assert Event.objects.filter(action="link.file_added").count() == 1


def test_a_removed_file_is_granted_no_longer(
    link: Link, file: File, alice: User, alice_client: Client
) -> None:
    more = kept_file(alice)
    link.add_files([more], by=alice)
    other = link_to(more)
    assert remove(alice_client, link, more) == 302
    assert (fetch(link, more), fetch(link, file), fetch(other, more)) == (404, 303, 303)
    assert remove(alice_client, link, more) == 404
    assert Event.objects.get(action="link.file_removed").details["file"] == str(more.pk)


def test_who_has_fetched_it_cannot_fetch_it_again(
    link: Link, file: File, visitor: Client, alice: User
) -> None:
    address = reverse("landing_download", args=[link.token, file.pk])
    assert visitor.post(address).status_code == 303
    link.add_files([kept_file(alice)], by=alice)
    link.remove_file(file, by=alice)
    assert visitor.post(address).status_code == 404


def test_a_link_with_nothing_in_it_says_so_and_can_be_filled_again(
    link: Link, file: File, alice_client: Client, visitor: Client
) -> None:
    remove(alice_client, link, file)
    assert visitor.get(link.url).status_code == 410
    add(alice_client, link, file.pk)
    assert visitor.get(link.url).status_code == 200


def test_the_files_of_another_are_404_and_nothing_is_added(
    link: Link, alice: User, bob: User, alice_client: Client
) -> None:
    mine, theirs = kept_file(alice), kept_file(bob)
    for picked in ([theirs.pk], [mine.pk, theirs.pk], [uuid4()], ["nonsense"], [f"{mine.pk},{theirs.pk}"]):
        assert add(alice_client, link, *picked) == 404
    assert link.items.count() == 1


def test_a_link_of_another_is_404(link: Link, file: File, bob: User, bob_client: Client) -> None:
    assert add(bob_client, link, kept_file(bob).pk) == 404
    assert remove(bob_client, link, file) == 404
    assert bob_client.get(reverse("link_files", args=[link.public_id])).status_code == 404
    assert list(link.files.all()) == [file]


def test_a_file_of_ones_own_that_is_in_no_link_of_this_name_is_404(
    link: Link, alice: User, alice_client: Client
) -> None:
    assert remove(alice_client, link, kept_file(alice)) == 404


def test_the_page_lists_and_searches_what_is_not_in_it(
    link: Link, alice: User, bob: User, alice_client: Client
) -> None:
    kept_file(alice, name="holiday.jpg")
    kept_file(alice, name="invoice.pdf")
    kept_file(bob, name="theirs.txt")
    address = reverse("link_files", args=[link.public_id])
    page = alice_client.get(address).content.decode()
    assert "holiday.jpg" in page
    assert "first.txt" not in page.partition("<main")[2].partition("<table")[2]
    assert "theirs.txt" not in page
    found = alice_client.get(address, {"q": "invoice"}).content.decode()
    assert "invoice.pdf" in found
    assert "holiday.jpg" not in found


def test_no_more_than_a_link_takes(
    link: Link, alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.links.models.granting.MAX_FILES", 2)
    add(alice_client, link, kept_file(alice).pk, kept_file(alice).pk)
    assert link.items.count() == 1
    assert rules.MAX_FILES > 2000


def test_several_that_are_added_at_once_are_one_entry_of_the_history(
    link: Link, alice: User, alice_client: Client
) -> None:
    files = [kept_file(alice, name=f"{number}.txt") for number in range(3)]
    add(alice_client, link, *(file.pk for file in files))
    event = Event.objects.get(action="link.files_added")
    assert event.details == {"name": "0.txt", "more": 2, "files": [str(file.pk) for file in files]}
    assert "Added <bdi>0.txt</bdi> and 2 more" in alice_client.get(link.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_racing_additions_keep_to_the_limit_together(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharing.links.models.granting.MAX_FILES", 10)
    link = link_to(kept_file(alice))
    batches = [[kept_file(alice) for _ in range(3)] for _ in range(8)]
    results = race(lambda files: link.add_files(files, by=alice), batches)
    assert refused(results, TooManyFiles) == 5
    assert link.items.count() == 10


def test_a_removal_is_undone_by_the_button_of_its_message(
    link: Link, file: File, alice_client: Client
) -> None:
    address = reverse("link_file_removal", args=[link.public_id, file.pk])
    page = alice_client.post(address, follow=True).content.decode()
    undo = f"{reverse('link_files', args=[link.public_id])}?file={file.pk}"
    assert f'action="{undo}"' in page
    assert not link.files.exists()
    assert alice_client.post(undo).status_code == 302
    assert link.files.get() == file
