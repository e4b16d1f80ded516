"""All files of a link at once: each is spent for itself, and the URLs come only to who spent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.archive_paths import archive_paths
from sharing.links.collecting import spend_all
from sharing.links.gate import Gate
from sharing.links.models import Download, Link, Recipient
from sharing.mail.address_list import Person
from sharing.storage.saved_names import safe_name
from tests.factories import kept_file, link_to, started_upload
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(alice: User) -> list[File]:
    return [kept_file(alice, name=name) for name in ("a.txt", "b.txt", "c.txt")]


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
    undated = kept_file(alice, name="b.txt")
    link = link_to(kept_file(alice, name="a.txt", modified_at=modified), undated)
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


@pytest.mark.parametrize("ending", ["expired", "used up"])
def test_an_expiry_lets_a_collection_go_on_that_was_begun(
    visitor: Client, files: list[File], ending: str
) -> None:
    link = link_to(*files, download_limit=1)
    answer = collect(visitor, link.token)
    if ending == "expired":
        Link.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert visitor.post(link.url).status_code in {303, 410}
    assert len(urls(Client(), link, answer, files).json()["urls"]) == 3
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert urls(Client(), link, answer, files).status_code in {409, 410}


@pytest.mark.parametrize("ending", ["revoked", "suspended", "deleted", "password", "recipient revoked"])
def test_nothing_else_that_ends_a_link_lets_a_collection_go_on(
    visitor: Client, alice: User, carol: User, files: list[File], ending: str
) -> None:
    link = link_to(*files)
    token = link.token
    if ending == "recipient revoked":
        recipient = Recipient.objects.create(link=link, email="ann@example.com")
        token = recipient.token
    answer = collect(visitor, token)
    match ending:
        case "revoked":
            link.revoke(by=alice)
        case "suspended":
            alice.suspend(by=carol)
        case "deleted":
            for file in files:
                file.delete_by(alice)
        case "password":
            link.set_password("open sesame", by=alice)
        case "recipient revoked":
            recipient.revoke(by=alice)
    body = {"receipt": answer.json()["receipt"], "file": [str(file.pk) for file in files]}
    given = visitor.post(reverse("landing_collection_urls", args=[token]), body)
    assert given.status_code in {403, 410} or given.json() == {"urls": {}}
    assert b"X-Amz-Signature" not in given.content


def test_a_receipt_opens_what_its_holder_has_spent_and_no_other_file(files: list[File]) -> None:
    link = link_to(*files, download_limit=1)
    holder, other = Client(), Client()
    other.post(reverse("landing_download", args=[link.token, files[0].pk]))
    answer = collect(holder, link.token)
    assert set(urls(holder, link, answer, files).json()["urls"]) == {str(file.pk) for file in files[1:]}


def test_a_receipt_for_one_file_opens_no_other_that_nobody_has_spent(files: list[File]) -> None:
    link = link_to(files[0], download_limit=1)
    holder = Client()
    answer = collect(holder, link.token)
    link.add_files(files[1:], by=link.owner)
    assert set(urls(holder, link, answer, files).json()["urls"]) == {str(files[0].pk)}


def test_a_receipt_is_its_recipient_s_alone(alice: User, files: list[File]) -> None:
    link = link_to(*files)
    ann, ben = (Recipient.objects.create(link=link, email=f"{name}@example.com") for name in ("ann", "ben"))
    receipt = collect(Client(), ann.token).json()["receipt"]
    for token in (ben.token, link.token):
        body = {"receipt": receipt, "file": [str(files[0].pk)]}
        assert Client().post(reverse("landing_collection_urls", args=[token]), body).status_code == 409


def test_what_is_still_arriving_is_neither_listed_nor_counted(alice: User, files: list[File]) -> None:
    arriving = started_upload(alice, 20_000_000).file
    link = link_to(files[0], arriving, download_limit=1)
    listed = collect(Client(), link.token).json()["files"]
    assert [file["id"] for file in listed] == [str(files[0].pk)]
    assert link.items.get(file=arriving).download_count == 0
    assert not Download.objects.filter(file=arriving).exists()


def test_one_that_is_used_up_meanwhile_is_neither_given_nor_counted(files: list[File]) -> None:
    link = link_to(*files, download_limit=1)
    admission = Gate(RequestFactory().post("/"), link.token).enter()
    link.items.filter(file=files[0]).update(download_count=1)
    given = spend_all(admission)
    assert [offer.file.pk for offer in given] == [file.pk for file in files[1:]]
    assert counts(link) == [1, 1, 1]
    assert Download.objects.count() == 2


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
    assert set(ann.download_counts.values_list("download_count", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_mail", [False, True])
def test_of_many_who_race_one_gets_each_file(alice: User, by_mail: bool) -> None:
    files = [kept_file(alice, name=f"{number}.txt") for number in range(5)]
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
    assert archive_paths(files) == ["photos/a.txt", "photos/A (2).txt", "photos/a (2) (2).txt"]


def test_a_file_that_is_on_its_way_is_neither_given_nor_counted(alice: User, visitor: Client) -> None:
    arriving = started_upload(alice, 20_000_000).file
    link = link_to(kept_file(alice), arriving, download_limit=1)
    item = link.items.get(file=arriving)
    offers = Gate(RequestFactory().post("/"), link.token).enter().offers
    assert [offer.is_available for offer in offers if offer.item == item] == [False]
    answer = visitor.post(reverse("landing_collection", args=[link.token]))
    assert [file["id"] for file in answer.json()["files"]] != [str(arriving.pk)]
    assert str(arriving.pk) not in answer.content.decode()
    item.refresh_from_db()
    assert item.download_count == 0
    assert not Download.objects.filter(file=arriving).exists()
