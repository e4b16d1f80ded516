"""A link's history as a table: all of it, for its owner alone, and nothing in it is ever computed."""

import csv
import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.links.export import harmless
from sharing.links.models import Download, Link, Recipient
from sharing.mail.address_list import Person
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice, name="tax.pdf"))


def download(link: Link, **fields: object) -> Download:
    return Download.objects.create(link=link, file=link.files.get(), **fields)


def table(client: Client, link: Link) -> list[dict[str, str]]:
    answer = client.get(reverse("link_history", args=[link.public_id]))
    assert answer.streaming
    return list(csv.DictReader(StringIO(answer.getvalue().decode())))


def test_it_says_what_happened_oldest_first(link: Link, alice: User, alice_client: Client) -> None:
    download(link, network="192.0.2.0", user_agent="curl/8.14.1")
    download(link, is_repeat=True)
    link.revoke(by=alice)
    rows = table(alice_client, link)
    assert [row["event"] for row in rows] == [
        "link.made",
        "link.downloaded",
        "link.downloaded_again",
        "link.revoked",
    ]
    made, fetched = rows[:2]
    assert (made["by"], "expires_at" in json.loads(made["details"])) == ("alice@example.com", True)
    assert (fetched["file"], fetched["network"], fetched["browser"]) == (
        "tax.pdf",
        "192.0.2.0",
        "curl/8.14.1",
    )


def test_times_are_utc_in_iso_8601(link: Link, alice_client: Client) -> None:
    (row,) = table(alice_client, link)
    assert row["time"].endswith("Z")
    assert abs(datetime.fromisoformat(row["time"]) - timezone.now()) < timedelta(minutes=1)


def test_it_holds_all_rows_and_not_the_newest_hundred(link: Link, alice_client: Client) -> None:
    file = link.files.get()
    Download.objects.bulk_create([Download(link=link, file=file) for _ in range(1_200)])
    assert len(table(alice_client, link)) == 1_201


def test_recipients_are_named(link: Link, alice: User, alice_client: Client) -> None:
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com")], by=alice)
    ann.count_opens(first_at=timezone.now())
    download(link, recipient=ann)
    named = [(row["event"], row["by"]) for row in table(alice_client, link)[-2:]]
    assert named == [("link.opened", "ann@example.com"), ("link.downloaded", "ann@example.com")]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_what_a_spreadsheet_would_compute_is_only_text(first: str) -> None:
    assert harmless(f"{first}cmd|' /C calc'!A0") == f"'{first}cmd|' /C calc'!A0"


def test_formulas_from_strangers_are_only_text(alice: User, alice_client: Client) -> None:
    link = link_to(recorded_file(alice, name='=HYPERLINK("https://example.com","a")'))
    download(link, user_agent="+SUM(1,2)")
    row = table(alice_client, link)[1]
    assert row["file"] == """'=HYPERLINK("https://example.com","a")"""
    assert row["browser"] == "'+SUM(1,2)"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x; =1;@SUM(A1)", "x;' =1;'@SUM(A1)"),
        ("x\t=1", "x\t'=1"),
        (" =1", "' =1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_a_formula_does_not_hide_where_a_semicolon_begins_a_cell(cell: str, text: str) -> None:
    assert harmless(cell) == text


def test_what_is_plain_stays_as_it_is() -> None:
    for plain in ("", "tax.pdf", "a=b", "{}", "Mozilla/5.0 (X11; Linux x86_64) a-b", "a;b"):
        assert harmless(plain) == plain


def test_another_link_s_history_is_not_in_it(link: Link, alice: User, alice_client: Client) -> None:
    download(link_to(link.files.get()))
    assert [row["event"] for row in table(alice_client, link)] == ["link.made"]


def test_the_links_page_offers_it(link: Link, alice_client: Client) -> None:
    page = alice_client.get(link.get_absolute_url()).content.decode()
    assert f'href="{reverse("link_history", args=[link.public_id])}"' in page


def test_an_outsider_gets_404(link: Link, bob_client: Client) -> None:
    assert bob_client.get(reverse("link_history", args=[link.public_id])).status_code == 404
