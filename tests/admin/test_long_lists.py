"""Lists of many rows: paged by their keys, counted as far as it is cheap, and a date leads to its rows."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client

from sharing.accounts.models import User
from sharing.audit import record_list
from sharing.audit.record import record
from sharing.links.models import Link
from tests.admin.pages import list_of
from tests.factories import link_to, recorded_file


@pytest.fixture
def five_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharing.files.admin.FileAdmin.list_per_page", 5)
    monkeypatch.setattr("sharing.links.admin.LinkAdmin.list_per_page", 5)


@pytest.fixture
def names(alice: User) -> list[str]:
    """The names of twelve files, the newest first."""
    for number in range(12):
        recorded_file(
            alice, name=f"{number:02}.txt", created_at=datetime(2026, 1 + number // 4, 3, tzinfo=UTC)
        )
    return [file.name for file in alice.files.order_by("-created_at", "name")]


def listed(client: Client, table: str, **query: str) -> Any:
    answer = client.get(list_of(table), query)
    assert answer.status_code == 200
    return answer.context["cl"]


@pytest.mark.usefixtures("five_a_page")
def test_all_pages_together_are_the_list(carol_client: Client, names: list[str]) -> None:
    pages = [listed(carol_client, "files_file", p=str(page)) for page in (1, 2, 3)]
    assert [[file.name for file in page.result_list] for page in pages] == [
        names[:5],
        names[5:10],
        names[10:],
    ]
    assert pages[0].result_count == 12


@pytest.mark.usefixtures("five_a_page", "names")
def test_a_page_behind_the_last_leads_back_to_the_list(carol_client: Client) -> None:
    assert carol_client.get(list_of("files_file"), {"p": "4"})["Location"].endswith("?e=1")


@pytest.mark.usefixtures("five_a_page")
def test_where_more_is_found_than_counted_the_list_says_so(
    carol_client: Client, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_list, "COUNTED", 8)
    answer = carol_client.get(list_of("files_file"), {"q": ".txt", "p": "2"})
    assert "The first 8 files." in answer.content.decode()
    assert [file.name for file in answer.context["cl"].result_list] == names[5:8]
    assert "More than" not in carol_client.get(list_of("files_file"), {"q": "01.txt"}).content.decode()


@pytest.mark.usefixtures("five_a_page", "with_bucket")
def test_all_of_a_list_that_has_more_are_those_that_it_counts(
    carol_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.audit.admin.COUNTED", 6)
    links = [link_to(recorded_file(alice), title="Plan") for _ in range(8)]
    chosen = {"action": "revoke", "select_across": "1", ACTION_CHECKBOX_NAME: [str(links[-1].pk)]}
    carol_client.post(f"{list_of('links_link')}?q=Plan", chosen)
    revoked = Link.objects.filter(revoked_at__isnull=False)
    assert set(revoked) == set(links[2:])


@pytest.mark.usefixtures("names")
def test_dates_that_have_rows_are_offered(carol_client: Client, alice: User) -> None:
    def offered(**query: str) -> str:
        page = carol_client.get(list_of("files_file"), query).content.decode()
        return " ".join(page.partition('class="toplinks"')[2].partition("</nav>")[0].split())

    months = offered()
    assert all(month in months for month in ("January 2026", "February 2026", "March 2026"))
    assert "April" not in months
    days = offered(created_at__year="2026", created_at__month="2")
    assert "created_at__day=3&" in days
    assert "created_at__day=4&" not in days
    recorded_file(alice, created_at=datetime(2024, 5, 1, tzinfo=UTC))
    years = offered()
    assert ("2024" in years, "2025" in years, "2026" in years) == (True, False, True)
    assert "May 2024" in offered(created_at__year="2024")
    assert offered(created_at__year="2023").count("<a ") == 1


def test_the_record_s_filters_offer_what_it_has(carol_client: Client, alice: User) -> None:
    for action in ("file.renamed", "file.moved", "file.renamed"):
        record(action, recorded_file(alice))
    page = carol_client.get(list_of("audit_event")).content.decode()
    assert "?action=file.moved" in page
    assert page.count("?action=file.renamed") == 1
