"""A link's page: writing whom it goes to, picking earlier recipients, and what became of each."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.links.models import Link, Recipient
from sharing.mail.address_list import Person
from tests.admin.pages import queries
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db

Send = Callable[..., tuple[int, str]]


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice))


@pytest.fixture
def send(link: Link, alice_client: Client) -> Send:
    """Sends the form; the answer's status, and the page in the end."""

    def post(addresses: str = "", **more: object) -> tuple[int, str]:
        target = reverse("link_recipients", args=[link.public_id])
        answer = alice_client.post(target, {"addresses": addresses, **more}, follow=True)
        return answer.status_code, answer.content.decode()

    return post


def emails() -> list[str]:
    return list(Recipient.objects.values_list("email", flat=True))


def test_those_who_were_written_get_it(send: Send) -> None:
    status, page = send("Ann Smith <ann@example.com>; bob@example.com", message="Hi")
    assert status == 200
    assert "Sending to 2 people" in page
    assert list(Recipient.objects.values_list("name", "email", "message")) == [
        ("Ann Smith", "ann@example.com", "Hi"),
        ("", "bob@example.com", "Hi"),
    ]
    assert "Waiting" in page


def test_wrong_ones_are_named_and_nothing_is_lost(send: Send) -> None:
    status, page = send("ann@example.com, b<ob, <i>x</i>", message="Hi")
    assert status == 422
    assert emails() == []
    assert "ann@example.com, b&lt;ob, &lt;i&gt;x&lt;/i&gt;" in page  # still in the field
    assert "“b&lt;ob”" in page
    assert "ann@example.com”" not in page


def test_nobody_is_too_few_and_a_hundred_are_not_too_many(send: Send) -> None:
    assert send("  \n")[0] == 422
    hundred = "\n".join(f"guest{number}@example.com" for number in range(100))
    assert send(f"{hundred}\none.more@example.com")[0] == 422
    assert emails() == []
    assert send(hundred)[0] == 200
    assert len(emails()) == 100


def test_who_has_it_already_is_told_of(send: Send) -> None:
    send("ann@example.com")
    page = send("ANN@example.com, bob@example.com")[1]
    assert "1 person already has this link" in page
    assert emails() == ["ann@example.com", "bob@example.com"]


def test_earlier_recipients_are_suggested_and_picked(send: Send, alice: User, bob: User) -> None:
    other = link_to(recorded_file(alice))
    Recipient.objects.mail(other, [Person("ann@example.com", "Ann"), Person("carl@example.com")], by=alice)
    Recipient.objects.mail(link_to(recorded_file(bob)), [Person("secret@example.com")], by=bob)
    status, page = send("", earlier=["ann@example.com", "secret@example.com"])
    assert (status, "secret@example.com" in page) == (422, False)
    assert send("", earlier=["ann@example.com"])[0] == 200
    page = send("")[1]
    assert 'value="carl@example.com"' in page
    assert 'value="ann@example.com"' not in page


def test_a_link_that_gives_nothing_is_not_sent(send: Send, link: Link) -> None:
    link.revoke(by=link.owner)
    assert send("ann@example.com")[0] == 422
    assert emails() == []


def test_a_day_has_its_limit(send: Send, settings: LazySettings) -> None:
    settings.MAILS_PER_DAY = 1
    status, page = send("ann@example.com, bob@example.com")
    assert (status, emails()) == (422, [])
    assert "You can send 1 more email today" in page
    assert send("ann@example.com")[0] == 200
    assert "today&#x27;s limit of emails" in send("bob@example.com")[1]


def test_an_outsider_gets_404(link: Link, bob_client: Client) -> None:
    target = reverse("link_recipients", args=[link.public_id])
    assert bob_client.post(target, {"addresses": "ann@example.com"}).status_code == 404
    assert emails() == []


def test_queries_do_not_grow_with_the_recipients(send: Send, link: Link, alice_client: Client) -> None:
    send("ann@example.com")
    few = queries(lambda: alice_client.get(link.get_absolute_url()))
    send("\n".join(f"guest{number}@example.com" for number in range(30)))
    assert queries(lambda: alice_client.get(link.get_absolute_url())) == few
