"""The accent colour that staff chose reaches every page and mail, and text in it can be read."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.links.models import Recipient
from sharing.mail.address_list import Person
from sharing.site.accent import (
    CONTRAST,
    DARK_SHEET,
    DARK_SURFACES,
    LIGHT_SHEET,
    LIGHT_SURFACES,
    accent_of,
    contrast,
)
from sharing.storage.bucket import Bucket
from tests.factories import link_to, recorded_file
from tests.people import RunTasks
from tests.site.changing import change

BLUE = "#1d4ed8"
SHEET = '<link rel="stylesheet" href="/accent/1d4ed8.css">'
TOKENS = Path("static/css/tokens.css")


@pytest.mark.parametrize(
    "colour", ["#000000", "#ffffff", "#ffff00", "#00ff00", "#ff69b4", "#0000ff", "#808080", BLUE]
)
def test_text_in_any_colour_can_be_read(colour: str) -> None:
    accent = accent_of(colour)
    for shades, surfaces in (
        (accent.light, (*LIGHT_SURFACES, LIGHT_SHEET)),
        (accent.dark, (*DARK_SURFACES, DARK_SHEET)),
    ):
        for surface in (*surfaces, shades.wash, shades.on_accent):
            assert contrast(shades.accent, surface) >= CONTRAST
        assert contrast(shades.hover, shades.on_accent) >= CONTRAST


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert accent_of(BLUE).light.accent == BLUE


def test_contrast_is_wcag_s() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_surfaces_are_those_of_the_pages() -> None:
    tokens = TOKENS.read_text()
    assert f"--sheet: var(--light, {LIGHT_SHEET}) var(--dark, {DARK_SHEET})" in tokens
    for colour in (*LIGHT_SURFACES, *DARK_SURFACES):
        assert colour in tokens


def test_every_page_has_its_style_sheet(
    client: Client, alice_client: Client, carol_client: Client, visitor: Client, alice: User, bucket: Bucket
) -> None:
    landing = reverse("landing", args=[link_to(recorded_file(alice)).token])
    pages = [
        (client, reverse("account_login")),
        (visitor, landing),
        (alice_client, reverse("dashboard")),
        (carol_client, reverse("admin:index")),
    ]
    assert not [path for person, path in pages if "/accent/" in person.get(path).content.decode()]
    change(ACCENT_COLOUR=BLUE)
    for person, path in pages:
        assert SHEET in person.get(path).content.decode()


def test_the_style_sheet_is_kept_for_ever(visitor: Client) -> None:
    answer = visitor.get("/accent/1d4ed8.css")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    sheet = answer.content.decode()
    assert f"--accent: var(--light, {BLUE})" in sheet
    overridden = re.findall(r"(--[\w-]+):", sheet)
    assert all(f"{name}: var(--light," in TOKENS.read_text() for name in overridden)


@pytest.mark.parametrize("digits", ["1d4ed", "1D4ED8", "red", "1d4ed8;"])
@pytest.mark.django_db
def test_nothing_else_is_a_colour(visitor: Client, digits: str) -> None:
    assert visitor.get(f"/accent/{digits}.css").status_code == 404


def test_buttons_in_mails_bear_it(alice: User, run_tasks: RunTasks) -> None:
    change(ACCENT_COLOUR=BLUE)
    Recipient.objects.mail(link_to(recorded_file(alice)), [Person("ann@example.com")], by=alice)
    run_tasks()
    [message] = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    assert f"background: {BLUE};" in html
    assert f"background: {accent_of(BLUE).dark.accent};" in html
