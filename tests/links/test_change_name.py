"""The readable part of a link's address: pretty, and never what opens it."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.factories import kept_file, link_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(kept_file(alice), name="Quarterly report")


def send(client: Client, link: Link, name: str) -> int:
    return client.post(reverse("link_settings", args=[link.public_id]), {"name": name}).status_code


def test_an_address_holds_it_before_the_token(link: Link, visitor: Client) -> None:
    assert link.url.endswith(f"/s/quarterly-report-{link.token}/")
    assert visitor.get(link.url).status_code == 200


@pytest.mark.parametrize("step", ["{token}", "annual-report-{token}", "-{token}", "X.y!-{token}"])
def test_a_wrong_one_leads_to_the_right_address(link: Link, visitor: Client, step: str) -> None:
    address = reverse("landing", args=[step.format(token=link.token)])
    answer = visitor.get(address)
    assert (answer.status_code, answer["Location"]) == (302, link.path_by(link.token))
    assert answer["Referrer-Policy"] == "no-referrer"
    link.refresh_from_db()
    assert link.view_count == 0


@pytest.mark.parametrize("step", ["quarterly-report", "quarterly-report{token}", "quarterly-report-x{token}"])
def test_without_its_token_it_opens_nothing(link: Link, visitor: Client, step: str) -> None:
    address = reverse("landing", args=[step.format(token=link.token)])
    assert visitor.get(address).status_code == 404


def test_a_post_takes_any(link: Link, visitor: Client) -> None:
    for step in (link.token, f"old-{link.token}", link.address_by(link.token)):
        address = reverse("landing_download", args=[step, link.files.get().pk])
        assert visitor.post(address).status_code == 303


def test_former_addresses_go_on_leading_there(link: Link, alice_client: Client, visitor: Client) -> None:
    former = link.url
    assert send(alice_client, link, "Annual report") == 302
    link.refresh_from_db()
    assert visitor.get(former)["Location"] == link.path_by(link.token)
    assert send(alice_client, link, "") == 302
    assert visitor.get(former)["Location"] == reverse("landing", args=[link.token])
    names = [event.details["name"] for event in Event.objects.filter(action="link.name_changed")]
    assert names == ["", "annual-report"]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Résumé & photos", "resume-photos"),
        ("snake_case__name", "snake-case-name"),
        ("../../admin/?x=<script>", "adminxscript"),
        ("a" * 59 + " b" * 20, "a" * 59),
        ("—", None),
        ("日本語", None),
    ],
)
def test_it_is_made_of_what_was_typed(link: Link, alice_client: Client, typed: str, slug: str | None) -> None:
    assert send(alice_client, link, typed) == (302 if slug else 422)
    link.refresh_from_db()
    assert link.slug == (slug or "quarterly-report")


def test_an_outsider_gets_404(link: Link, bob_client: Client) -> None:
    assert send(bob_client, link, "mine") == 404
    link.refresh_from_db()
    assert link.slug == "quarterly-report"
