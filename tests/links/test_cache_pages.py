"""A rendered page of a link is cached, and rendered anew once anything changes that it shows."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db.models import Model
from django.test import Client
from django.utils import timezone, translation

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links import page_cache
from sharing.links.gate import Admission
from sharing.links.models import Link, Recipient
from sharing.links.page_cache import RENDERED_PAGES, PageCache
from sharing.links.rules import Card
from sharing.links.views import gated
from sharing.mail.address_list import Person
from tests.factories import link_to, recorded_file, started_upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> PageCache:
    """An empty cache."""
    pages = PageCache(1_000_000)
    monkeypatch.setattr(page_cache, "RENDERED_PAGES", pages)
    return pages


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses whose pages were rendered, in order."""
    addresses: list[str] = []
    render = gated._render_page

    def rendering(admission: Admission) -> bytes:
        addresses.append(admission.address)
        return render(admission)

    monkeypatch.setattr(gated, "_render_page", rendering)
    return addresses


@pytest.fixture
def link(alice: User) -> Link:
    picture = recorded_file(alice, name="beach.png")
    File.objects.filter(pk=picture.pk).update(has_thumbnail=True, content_type="image/png")
    return link_to(picture, recorded_file(alice, name="plan.pdf"), started_upload(alice, 20_000_000).file)


def page(link: Link, client: Client | None = None) -> bytes:
    answer = (client or Client()).get(link.path_by(link.token))
    assert answer.status_code == 200
    return answer.content


@pytest.fixture(autouse=True)
def one_moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now().replace(second=30, microsecond=0), tick=False) as traveller:
        yield traveller


def test_it_is_rendered_once_for_many_visitors(link: Link, rendered: list[str]) -> None:
    first = page(link)
    assert [page(link) for _ in range(3)] == [first] * 3
    assert rendered == [link.token]


CHANGES: dict[str, Callable[[Link, User], object]] = {
    "renamed file": lambda link, alice: link.files.get(name="plan.pdf").rename("plans.pdf", by=alice),
    "file moved to another folder": lambda link, alice: link.files.filter(name="plan.pdf").update(path="old"),
    "deleted file": lambda link, alice: link.files.get(name="plan.pdf").delete_by(alice),
    "removed file": lambda link, alice: link.remove_file(link.files.get(name="plan.pdf"), by=alice),
    "added file": lambda link, alice: link.add_files([recorded_file(alice, name="new")], by=alice),
    "arrived file": lambda link, alice: link.files.filter(ready_at=None).update(ready_at=timezone.now()),
    "checked file": lambda link, alice: link.files.filter(name="plan.pdf").update(check_made="size"),
    "larger file": lambda link, alice: link.files.filter(name="plan.pdf").update(size=6),
    "thumbnail": lambda link, alice: link.files.filter(name="beach.png").update(has_thumbnail=False),
    "rotated key": lambda link, alice: link.files.filter(name="beach.png").update(object_key="files/other"),
    "title and message": lambda link, alice: link.reword(title="Plans", message="Here.", by=alice),
    "expiry": lambda link, alice: link.expire_at(timezone.now() + timedelta(days=2), by=alice),
    "limit": lambda link, alice: link.limit_downloads(3, by=alice),
    "previews": lambda link, alice: link.allow_previews(False, by=alice),
    "card": lambda link, alice: link.show_on_card(Card.TITLE, by=alice),
    "slug": lambda link, alice: link.set_slug("plans", by=alice),
    "sender's name": lambda link, alice: User.objects.filter(pk=alice.pk).update(name="Alicia"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_is_shown_at_once(link: Link, alice: User, change: str, pages: PageCache) -> None:
    before = page(link)
    CHANGES[change](link, alice)
    link.refresh_from_db()
    after = page(link)
    assert after != before
    pages._cached.clear()
    assert after == page(link)


def test_a_download_left_less_is_shown_at_once(alice: User) -> None:
    link = link_to(recorded_file(alice), download_limit=3)
    assert b"3 of 3" in page(link)
    link.items.update(download_count=1)
    assert b"2 of 3" in page(link)


def test_downloads_without_a_limit_change_no_page(link: Link, rendered: list[str]) -> None:
    """Most visitors open a page and download: each would have it rendered for the next one."""
    first = page(link)
    link.items.update(download_count=1)
    assert page(link) == first
    assert len(rendered) == 1


def test_of_a_cached_page_no_instances_are_made(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    first = page(link)

    def make(self: Model, *values: object) -> None:
        raise AssertionError("An instance was made.")

    monkeypatch.setattr(File, "__init__", make)
    assert page(link) == first


def test_the_time_left_is_that_of_this_minute(
    link: Link, rendered: list[str], one_moment: time_machine.Traveller
) -> None:
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() + timedelta(days=1, seconds=30))
    page(link)
    one_moment.shift(10)
    page(link)
    assert len(rendered) == 1
    one_moment.shift(60)
    page(link)
    assert len(rendered) == 2


def test_a_link_that_has_ended_is_gone_however_lately_it_was_rendered(link: Link, alice: User) -> None:
    page(link)
    link.revoke(by=alice)
    assert Client().get(link.path_by(link.token)).status_code == 410


def test_signed_urls_of_thumbnails_have_ten_minutes_left(
    link: Link, alice: User, rendered: list[str], one_moment: time_machine.Traveller
) -> None:
    Link.objects.filter(pk=link.pk).update(expires_at=None)
    signed_at = {page(link): timezone.now()}
    for _ in range(11):
        one_moment.shift(60)
        found = page(link)
        assert timezone.now() - signed_at.setdefault(found, timezone.now()) < timedelta(minutes=5)
    assert 3 <= len(rendered) <= 4


def test_each_language_has_its_own(link: Link, rendered: list[str]) -> None:
    page(link)
    with translation.override("de"):
        page(link)
    assert len(rendered) == 2


def test_nobody_gets_a_cached_page_whom_the_gate_has_not_let_in(link: Link, alice: User) -> None:
    inside = page(link)
    link.set_password("open sesame", by=alice)
    knowing = Client()
    knowing.post(link.path_by(link.token), {"password": "open sesame"})
    assert b"plan.pdf" in page(link, knowing)
    answer = Client().get(link.path_by(link.token))
    assert answer.status_code == 403
    assert b"plan.pdf" not in answer.content
    assert answer.content != inside


def test_a_recipient_s_page_is_theirs_alone(link: Link, alice: User) -> None:
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com")], by=alice)
    plain = page(link)
    own = Client().get(link.path_by(ann.token)).content
    assert b"personal to you" in own
    assert b"personal to you" not in plain
    assert page(link) == plain
    ann.revoke(by=alice)
    assert Client().get(link.path_by(ann.token)).status_code == 410


def test_who_may_download_again_has_a_page_of_their_own(alice: User) -> None:
    """A file that a visitor has downloaded within the hour is open to them, and used up for all others."""
    link = link_to(recorded_file(alice, name="a"), recorded_file(alice, name="b"), download_limit=1)
    link.items.filter(file__name="a").update(download_count=1)
    assert page(link).count(b"Used up") == 1


def test_searches_and_other_pages_are_not_cached(link: Link, rendered: list[str], pages: PageCache) -> None:
    for query in ("plan", "plan", "beach"):
        assert Client().get(link.path_by(link.token), {"q": query}).status_code == 200
    assert len(rendered) == 3
    assert pages.size == 0


def test_the_pages_requested_last_are_cached(
    alice: User, monkeypatch: pytest.MonkeyPatch, rendered: list[str]
) -> None:
    small = PageCache(60_000)
    monkeypatch.setattr(page_cache, "RENDERED_PAGES", small)
    file = recorded_file(alice)
    links = [link_to(file) for _ in range(6)]
    for link in links:
        page(link)
        page(links[0])
        assert small.size <= 60_000
    assert rendered.count(links[0].token) == 1
    page(links[1])
    assert rendered.count(links[1].token) == 2


def test_the_cache_of_a_process_is_bounded() -> None:
    assert RENDERED_PAGES._max_size <= 16 * 1024 * 1024
