"""The overview: how much there is, and how it moves."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.links.models import Download
from sharing.pages.overview import DAYS, Overview
from tests.admin.pages import queries
from tests.factories import link_to, recorded_file, started_upload

NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)


def test_it_counts_what_is_there(alice: User, bob: User, carol: User) -> None:
    kept, gone = recorded_file(alice, size=300), recorded_file(alice, size=40)
    recorded_file(bob, size=2)
    link_to(kept)
    link_to(kept).revoke(by=alice)
    gone.delete_by(alice)
    started_upload(alice, 100_000_000)
    bob.suspend(by=carol)

    overview = Overview()
    assert overview.files == {"count": 2, "bytes": 302}
    assert overview.usable_links == 1
    assert overview.uploads_open == 1
    assert overview.users == {"active": 2, "suspended": 1}


@time_machine.travel(NOON, tick=False)
def test_downloads_fall_on_their_days(alice: User) -> None:
    file = recorded_file(alice)
    link = link_to(file)
    midnight = NOON.replace(hour=0)
    for at in (
        NOON,
        midnight,
        midnight - timedelta(microseconds=1),
        midnight - timedelta(days=DAYS - 1),
        midnight - timedelta(days=DAYS - 1, microseconds=1),
    ):
        Download.objects.create(link=link, file=file, at=at)

    days = Overview().days
    assert [day.downloads for day in days if day.downloads] == [1, 1, 2]
    assert (days[0].downloads, days[-2].downloads, days[-1].downloads) == (1, 1, 2)
    assert (days[-1].height, days[-2].height) == (100, 50)
    assert days[-1].on == NOON.date()


def test_it_is_drawn_without_any_downloads(carol_client: Client) -> None:
    body = carol_client.get(reverse("admin:index")).content.decode()
    assert body.count('class="bar"') == 0
    assert "None in the last 30 days" in body


def test_nothing_is_styled_inline(carol_client: Client, alice: User) -> None:
    link_to(recorded_file(alice))
    assert " style=" not in carol_client.get(reverse("admin:index")).content.decode()


def test_queries_do_not_grow_with_the_rows(carol_client: Client, alice: User) -> None:
    file = recorded_file(alice)
    link = link_to(file)
    Download.objects.create(link=link, file=file)
    carol_client.get(reverse("admin:index"))
    few = queries(lambda: carol_client.get(reverse("admin:index")))
    for _ in range(20):
        Download.objects.create(link=link_to(recorded_file(alice)), file=file)
    assert queries(lambda: carol_client.get(reverse("admin:index"))) == few


def test_the_figures_are_those_of_the_last_minute_and_say_so(carol_client: Client, alice: User) -> None:
    def seen() -> tuple[int, str]:
        answer = carol_client.get(reverse("admin:index"))
        return answer.context["overview"].files["count"], answer.content.decode()

    with time_machine.travel(NOON, tick=False) as clock:
        assert seen()[0] == 0
        recorded_file(alice)
        clock.shift(timedelta(seconds=59))
        count, page = seen()
        assert count == 0
        assert "Counted at 12:00:00 UTC. Updated once a minute." in page
        clock.shift(timedelta(seconds=2))
        assert seen()[0] == 1


@pytest.mark.django_db
def test_six_queries_are_all_it_asks() -> None:
    overview = Overview()
    assert (
        queries(lambda: (overview.files, overview.users, overview.usable_links, overview.uploads_open)) == 4
    )
    assert queries(lambda: (overview.days, overview.most, overview.total)) == 1
    assert queries(lambda: list(overview.events)) == 1
