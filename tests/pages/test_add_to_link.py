"""Files that were selected on the dashboard are added to a link that there is already."""

import pytest
from django.test import Client

from sharing.accounts.models import User
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db
ADD = "/files/link/"


def test_they_are_added_to_the_link_that_was_chosen(alice: User, alice_client: Client) -> None:
    link, other = (link_to(recorded_file(alice), title=title) for title in ("Chosen", "Other"))
    recorded_file(alice, name="1", path="a")
    recorded_file(alice, name="2", path="a/b")
    page = alice_client.get(ADD, {"folder": "a"}).content.decode()
    assert "Chosen" in page
    assert "the whole folder, 2 files" in " ".join(page.split())
    answer = alice_client.post(ADD, {"folder": "a", "link": link.public_id}, follow=True)
    assert "Added 2 files to this link." in answer.content.decode()
    assert (link.items.count(), other.items.count()) == (3, 1)


def test_links_that_no_longer_work_are_not_offered(alice: User, bob: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    revoked, theirs = link_to(file, title="Revoked"), link_to(recorded_file(bob), title="Theirs")
    revoked.revoke(by=alice)
    page = alice_client.get(ADD, {"file": str(file.pk)}).content.decode()
    assert "No active links" in page
    for link in (revoked, theirs):
        answer = alice_client.post(ADD, {"file": str(file.pk), "link": link.public_id})
        assert answer.status_code == 404


def test_no_link_chosen_says_so(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    link_to(file)
    page = alice_client.post(ADD, {"file": str(file.pk)}).content.decode()
    assert "Select a link first." in page


def test_outsiders_get_404(alice: User, bob_client: Client) -> None:
    assert bob_client.get(ADD, {"file": str(recorded_file(alice).pk)}).status_code == 404
