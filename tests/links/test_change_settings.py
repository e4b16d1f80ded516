"""All settings of a link are saved by one button, and what is wrong is told where it is."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from sharing.links.rules import Card
from sharing.links.view_counter import VIEWS
from tests.factories import kept_file, link_to, recorded_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice), title="Plans", message="For Monday")


def shown_fields(link: Link) -> dict[str, str]:
    """Return the fields that the form sends when nothing in it was touched."""
    return {
        "title": link.title,
        "message": link.message,
        "expiry": "keep",
        "limit": "any",
        "limit_number": "",
        "password": "",
        "code": "off",
        "previews": "on",
        "card_shows": "sender",
        "name": link.slug,
    }


def save(client: Client, link: Link, **changed: str) -> int:
    address = reverse("link_settings", args=[link.public_id])
    return client.post(address, shown_fields(link) | changed).status_code


def test_what_was_not_touched_stays_and_is_not_recorded(link: Link, alice_client: Client) -> None:
    before = Link.objects.filter(pk=link.pk).values().get()
    events = Event.objects.count()
    assert save(alice_client, link) == 302
    assert Link.objects.filter(pk=link.pk).values().get() == before
    assert Event.objects.count() == events


def test_a_rule_that_is_not_sent_stays(link: Link, alice: User, alice_client: Client) -> None:
    link.set_password("sesame", by=alice)
    before = Link.objects.filter(pk=link.pk).values().get()
    address = reverse("link_settings", args=[link.public_id])
    for fields in ({}, {"password": ""}):
        assert alice_client.post(address, fields).status_code == 302
        assert Link.objects.filter(pk=link.pk).values().get() == before


def test_several_are_changed_at_once(link: Link, alice_client: Client, visitor: Client) -> None:
    changed = {"title": "New plans", "expiry": "day", "limit": "once", "previews": "off", "name": "plans"}
    assert save(alice_client, link, **changed, card_shows="title", password="sesame") == 302
    link.refresh_from_db()
    assert (link.title, link.message, link.download_limit) == ("New plans", "For Monday", 1)
    assert (link.previews_allowed, link.slug, link.card_shows) == (False, "plans", Card.TITLE)
    assert visitor.get(link.url).status_code == 403


def test_it_leads_back_to_the_settings(link: Link, alice_client: Client) -> None:
    answer = alice_client.post(reverse("link_settings", args=[link.public_id]), {"title": "New"}, follow=True)
    assert answer.redirect_chain == [(f"{link.get_absolute_url()}#settings", 302)]
    assert "Settings saved." in answer.content.decode()


def test_what_is_wrong_is_told_at_the_top_and_takes_the_focus_and_nothing_is_saved(
    link: Link, alice_client: Client
) -> None:
    fields = {"title": "New", "expiry": "date", "expires_on": "2020-01-01T00:00", "password": "abc"}
    answer = alice_client.post(reverse("link_settings", args=[link.public_id]), shown_fields(link) | fields)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert "Not saved. Please check: " in page
    assert page.count("autofocus") == 1
    assert 'name="expires_on" value="2020-01-01T00:00"' in page
    assert page.index("autofocus") < page.index('name="password"')
    link.refresh_from_db()
    assert (link.title, link.password) == ("Plans", "")


def test_the_password_is_removed_by_its_box(link: Link, alice: User, alice_client: Client) -> None:
    link.set_password("sesame", by=alice)
    save(alice_client, link)
    link.refresh_from_db()
    assert link.password
    save(alice_client, link, remove_password="on")
    link.refresh_from_db()
    assert not link.password


def test_the_owner_looks_as_a_receiver_and_nothing_is_counted(alice: User, alice_client: Client) -> None:
    link = link_to(kept_file(alice, name="plan.pdf"))
    page = alice_client.get(reverse("link_as_receiver", args=[link.public_id]))
    assert "plan.pdf" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    VIEWS.write()
    link.refresh_from_db()
    assert link.view_count == 0
    assert not link.downloads.exists()


@pytest.mark.parametrize(("ends", "status"), [("revoked", 410), ("locked", 403)])
def test_the_owner_sees_what_a_receiver_is_told_instead(
    link: Link, alice: User, alice_client: Client, ends: str, status: int
) -> None:
    if ends == "revoked":
        link.revoke(by=alice)
    else:
        link.set_password("sesame", by=alice)
    answer = alice_client.get(reverse("link_as_receiver", args=[link.public_id]))
    assert answer.status_code == status
    assert not Event.objects.filter(action="link.refused").exists()


def test_an_outsider_gets_404(link: Link, bob_client: Client) -> None:
    assert save(bob_client, link, title="Mine") == 404
    assert bob_client.get(reverse("link_as_receiver", args=[link.public_id])).status_code == 404
