"""A link's card in a chat: the chat's server reads the page's head as a stranger, and learns what the sender allows."""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from sharing.links.rules import Card
from tests.factories import link_to, recorded_file
from tests.html import flat

pytestmark = pytest.mark.django_db

TITLE = '"><script>alert(1)</script></title>\N{RIGHT-TO-LEFT OVERRIDE}gpj'
SHOWN = TITLE.replace("\N{RIGHT-TO-LEFT OVERRIDE}", "[U+202E]")


class Head(HTMLParser):
    """The title of a page and its properties, as whoever makes a card of it reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.told: dict[str, str] = {}
        self.tags: list[str] = []
        self.feed(page.partition("</head>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        if "property" in values:
            self.told[str(values["property"])] = str(values["content"])

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "title":
            self.told.setdefault("title", data.strip())


def head_of(link: Link, client: Client) -> Head:
    return Head(client.get(link.url).content.decode())


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice, name="secret plan.pdf"), title=TITLE)


def show(link: Link, shows: Card) -> None:
    link.show_on_card(shows, by=link.owner)


def test_most_links_tell_who_sends_how_much(link: Link, visitor: Client) -> None:
    told = head_of(link, visitor).told
    assert (told["title"], told["og:title"]) == ("1 file from Alice · Waybill", "1 file from Alice")
    assert told["og:description"].startswith("5 bytes · available until ")


def test_a_title_is_told_where_the_sender_allows_and_stays_text(link: Link, visitor: Client) -> None:
    show(link, Card.TITLE)
    head = head_of(link, visitor)
    assert (head.told["title"], head.told["og:title"]) == (f"{SHOWN} · Waybill", SHOWN)
    assert head.told["og:description"].startswith("From Alice · 5 bytes")
    assert head.tags.count("script") == head_of(link_to(*link.files.all()), visitor).tags.count("script")


@pytest.mark.parametrize("way", ["told so", "password", "code"])
def test_nothing_is_told(link: Link, alice: User, visitor: Client, way: str) -> None:
    show(link, Card.NOTHING if way == "told so" else Card.TITLE)
    if way == "password":
        link.set_password("open sesame", by=alice)
    if way == "code":
        link.ask_for_code(True, by=alice)
    told = " ".join(head_of(link, visitor).told.values())
    assert all(word not in told for word in ("Alice", "script", "secret", "bytes", "1 file", "202"))


def test_nor_is_it_in_the_title_once_a_lock_is_open(link: Link, alice: User, visitor: Client) -> None:
    link.set_password("open sesame", by=alice)
    visitor.post(link.url, {"password": "open sesame"})
    assert head_of(link, visitor).told["title"] == "Files for you · Waybill"


def test_a_link_that_has_ended_tells_that_alone(link: Link, visitor: Client) -> None:
    show(link, Card.TITLE)
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now())
    told = head_of(link, visitor).told
    assert (told["title"], told["og:title"]) == ("Expired · Waybill", "Waybill: expired")


def test_the_owner_chooses_later(link: Link, alice_client: Client, bob_client: Client) -> None:
    change = reverse("link_settings", args=[link.public_id])
    assert bob_client.post(change, {"card_shows": "title"}).status_code == 404
    assert alice_client.post(change, {"card_shows": "everything"}).status_code == 422
    for _ in range(2):
        alice_client.post(change, {"card_shows": "nothing"})
    link.refresh_from_db()
    event = Event.objects.get(action="link.card_changed")
    assert (link.card, event.details) == (Card.NOTHING, {"before": "sender", "shows": "nothing"})
    assert "Chat preview changed to nothing" in flat(
        alice_client.get(link.get_absolute_url()).content.decode()
    )


def test_the_owner_chooses_when_making_it(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    form = {"file": str(file.pk), "expiry": "week", "previews": "off", "card_shows": "title"}
    alice_client.post(reverse("new_link"), form)
    link = Link.objects.get()
    assert (link.previews_allowed, link.card) == (False, Card.TITLE)


def test_what_was_chosen_stays_in_sight_when_the_rest_is_wrong(alice: User, alice_client: Client) -> None:
    form = {"file": str(recorded_file(alice).pk), "expiry": "date", "limit": "any", "previews": "off"}
    page = alice_client.post(reverse("new_link"), form).content.decode()
    assert 'value="off" checked' in flat(page)
    assert '<details class="disclosure" open>' in page
