"""Views are written together, a second after they were counted, and none is lost when a process stops."""

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.links.models import Link, Recipient
from sharing.links.view_counter import ViewCounter
from sharing.mail.address_list import Person
from tests.factories import link_to, recorded_file
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> ViewCounter:
    """One that writes only when it is told to."""
    return ViewCounter(lambda counter: None)


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice))


def views(link: Link) -> int:
    return Link.objects.get(pk=link.pk).view_count


def test_many_views_of_a_link_are_one_update(
    counter: ViewCounter, link: Link, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        for _ in range(5):
            counter.count(link)
    assert views(link) == 0
    with django_assert_num_queries(3):  # with a savepoint
        counter.write()
    assert views(link) == 5
    with django_assert_num_queries(0):
        counter.write()


def test_the_writer_is_asked_once_for_each_batch(link: Link) -> None:
    asked: list[ViewCounter] = []
    counter = ViewCounter(asked.append)
    for _ in range(2):
        counter.count(link)
        counter.count(link)
        counter.write()
    assert asked == [counter, counter]
    assert views(link) == 4


def test_a_recipient_has_opened_it_when_they_first_did(counter: ViewCounter, link: Link, alice: User) -> None:
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com")], by=alice)
    first = timezone.now().replace(microsecond=0)
    with time_machine.travel(first, tick=False) as traveller:
        counter.count(link, ann)
        traveller.shift(timedelta(seconds=1))
        counter.count(link, ann)
        counter.write()
        traveller.shift(timedelta(days=1))
        counter.count(link, ann)
        counter.write()
    ann.refresh_from_db()
    assert (ann.open_count, ann.opened_at, views(link)) == (3, first, 3)


def test_what_an_outage_keeps_from_being_written_is_written_later(
    counter: ViewCounter, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.count(link)
    with monkeypatch.context() as broken:
        broken.setattr(Link, "count_views", _locked)
        counter.write()
    assert views(link) == 0
    counter.count(link)
    counter.write()
    assert views(link) == 2


def test_an_outage_is_waited_for_though_nobody_looks_any_more(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[ViewCounter] = []
    counter = ViewCounter(asked.append)
    counter.count(link)
    with monkeypatch.context() as broken:
        broken.setattr(Link, "count_views", _locked)
        counter.write_or_ask_again()
        failed = [counter.has_failed]
    assert asked == [counter] * 2
    counter.write_or_ask_again()
    assert views(link) == 1
    assert asked == [counter] * 2
    assert [*failed, counter.has_failed] == [True, False]


def test_where_no_thread_can_be_started_the_next_view_asks_again(link: Link) -> None:
    asked: list[ViewCounter] = []

    def ask(counter: ViewCounter) -> None:
        asked.append(counter)
        if len(asked) == 1:
            raise RuntimeError("can't start new thread")

    counter = ViewCounter(ask)
    counter.count(link)
    counter.count(link)
    assert asked == [counter] * 2
    counter.write()
    assert views(link) == 2


def _locked(*_: object, **__: object) -> None:
    import sqlite3

    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    raise OperationalError("database is locked") from cause


def test_a_link_that_is_gone_keeps_no_other_from_being_counted(counter: ViewCounter, link: Link) -> None:
    counter.count(Link(pk=link.pk + 1))
    counter.count(link)
    counter.write()
    assert views(link) == 1


@pytest.mark.django_db(transaction=True)
def test_none_is_lost_between_threads(link: Link) -> None:
    counter = ViewCounter(lambda counter: None)

    def look(number: int) -> None:
        counter.count(link)
        if number % 10 == 0:
            counter.write()

    assert race(look, range(200)) == [None] * 200
    counter.write()
    assert views(link) == 200


def test_opening_counts_what_it_shows(link: Link, visitor: Client) -> None:
    for _ in range(2):
        visitor.get(link.path_by(link.token))
    assert views(link) == 2
