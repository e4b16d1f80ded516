"""All files of a link at once: each is spent for itself, and the URLs come only to who spent."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.addresses import Person
from sharing.links.models import Download, Link, Recipient
from sharing.links.unpacked import unpacked_paths
from sharing.storage.saved_names import safe_name
from tests.making import link_to, recorded_file
from tests.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(alice: User) -> list[File]:
    return [recorded_file(alice, name=name) for name in ("a.txt", "b.txt", "c.txt")]


def collect(client: Client, token: str) -> Any:
    return client.post(reverse("landing_collection", args=[token]))


def urls(client: Client, link: Link, answer: Any, files: list[File], *, receipt: str = "") -> Any:
    body = {"receipt": receipt or answer.json()["receipt"], "file": [str(file.pk) for file in files]}
    return client.post(reverse("landing_collection_urls", args=[link.token]), body)


def counts(link: Link) -> list[int]:
    return list(link.items.order_by("pk").values_list("download_count", flat=True))


def test_looking_is_refused(visitor: Client, files: list[File]) -> None:
    link = link_to(*files)
    assert visitor.get(reverse("landing_collection", args=[link.token])).status_code == 405
    assert counts(link) == [0, 0, 0]


def test_each_file_is_spent_and_recorded_once(visitor: Client, files: list[File]) -> None:
    link = link_to(*files, download_limit=1)
    assert [file["path"] for file in collect(visitor, link.token).json()["files"]] == [
        "a.txt",
        "b.txt",
        "c.txt",
    ]
    assert collect(visitor, link.token).status_code == 200
    assert counts(link) == [1, 1, 1]
    assert Download.objects.filter(is_repeat=False).count() == 3
    assert collect(Client(), link.token).status_code == 410


def test_each_has_the_date_of_its_sender_s_disk(visitor: Client, alice: User) -> None:
    modified = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
    undated = recorded_file(alice, name="b.txt")
    link = link_to(recorded_file(alice, name="a.txt", modified_at=modified), undated)
    dates = [file["modified"] for file in collect(visitor, link.token).json()["files"]]
    assert dates == [modified.isoformat(), undated.created_at.isoformat()]


def test_what_is_used_up_is_left_out(visitor: Client, files: list[File]) -> None:
    link = link_to(*files, download_limit=1)
    Client().post(reverse("landing_download", args=[link.token, files[0].pk]))
    assert [file["path"] for file in collect(visitor, link.token).json()["files"]] == ["b.txt", "c.txt"]
    assert counts(link) == [1, 1, 1]


def test_urls_are_for_who_spent(visitor: Client, files: list[File]) -> None:
    link, other = link_to(*files), link_to(*files)
    answer = collect(visitor, link.token)
    assert set(urls(Client(), link, answer, files).json()["urls"]) == {str(file.pk) for file in files}
    assert urls(visitor, link, answer, files, receipt="made:up").status_code == 409
    assert urls(visitor, other, answer, files).status_code == 409
    assert urls(visitor, link, answer, []).status_code == 400


def test_urls_end_with_the_link(visitor: Client, alice: User, files: list[File]) -> None:
    link = link_to(*files)
    answer = collect(visitor, link.token)
    link.remove_file(files[0], by=alice)
    assert len(urls(visitor, link, answer, files).json()["urls"]) == 2
    link.revoke(by=alice)
    assert urls(visitor, link, answer, files).status_code == 410


def test_a_locked_link_gives_nothing(visitor: Client, files: list[File]) -> None:
    link = link_to(*files, password="open sesame")
    assert collect(visitor, link.token).status_code == 403
    assert counts(link) == [0, 0, 0]


def test_a_recipient_spends_their_own(visitor: Client, alice: User, files: list[File]) -> None:
    link = link_to(*files, download_limit=1)
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com")], by=alice)
    assert len(collect(visitor, ann.token).json()["files"]) == 3
    assert counts(link) == [0, 0, 0]
    assert collect(Client(), ann.token).status_code == 410


def test_it_takes_no_more_queries_for_more_files(visitor: Client, alice: User, files: list[File]) -> None:
    def queries(*files: File) -> int:
        [ann] = Recipient.objects.mail(link_to(*files), [Person("ann@example.com")], by=alice)
        with CaptureQueriesContext(connection) as captured:
            assert len(collect(Client(), ann.token).json()["files"]) == len(files)
        return len(captured)

    assert queries(*files) == queries(files[0])


def test_a_recipient_gets_what_is_left(visitor: Client, alice: User, files: list[File]) -> None:
    link = link_to(*files, download_limit=1)
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com")], by=alice)
    Client().post(reverse("landing_download", args=[ann.token, files[1].pk]))
    assert [file["path"] for file in collect(visitor, ann.token).json()["files"]] == ["a.txt", "c.txt"]
    assert set(ann.allowances.values_list("download_count", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_mail", [False, True])
def test_of_many_who_race_one_gets_each_file(alice: User, by_mail: bool) -> None:
    files = [recorded_file(alice, name=f"{number}.txt") for number in range(5)]
    link = link_to(*files, download_limit=1)
    token = link.token
    if by_mail:
        token = Recipient.objects.create(link=link, email="ann@example.com").token
    answers: list[Any] = race(lambda client: collect(client, token), [Client() for _ in range(10)])
    given = [file["id"] for answer in answers if answer.status_code == 200 for file in answer.json()["files"]]
    assert sorted(given) == sorted(str(file.pk) for file in files)
    assert counts(link) == [0 if by_mail else 1] * 5


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("CON.txt", "_CON.txt"),
        ("com1", "_com1"),
        ("end. .", "end___"),
        ('a<b>:"|?*\\.txt', "a_b______" + "_.txt"),
        ("\u202egpj.exe", "_gpj.exe"),
        ("...", "___"),
        ("x" * 255 + ".txt", "x" * 236 + ".txt"),
        ("ok é.txt", "ok é.txt"),
    ],
)
def test_names_are_safe_anywhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_no_two_paths_are_alike(alice: User) -> None:
    names = ["a.txt", "A.txt", "a (2).txt"]
    files = [File(owner=alice, name=name, path="photos") for name in names]
    assert unpacked_paths(files) == ["photos/a.txt", "photos/A (2).txt", "photos/a (2) (2).txt"]
