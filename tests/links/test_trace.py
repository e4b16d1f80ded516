"""A link's past on its own page: all that one visitor fetched at one moment is one entry."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.history import ENTRIES_SHOWN, Collection, history_of
from sharing.links.models import Download, Link, Recipient
from sharing.links.tasks import forget_addresses
from sharing.mail.address_list import Person
from tests.factories import kept_file, link_to

pytestmark = pytest.mark.django_db
ANN = Person("ann@example.com", "Ann")
BOB = Person("bob@example.com")


@pytest.fixture
def files(alice: User) -> list[File]:
    return [kept_file(alice, name=name) for name in ("b.txt", "a.txt", "c.txt")]


def collect(client: Client, token: str) -> None:
    assert client.post(reverse("landing_collection", args=[token])).status_code == 200


def download(client: Client, token: str, file: File) -> None:
    assert client.post(reverse("landing_download", args=[token, file.pk])).status_code == 303


def mail(link: Link, *people: Person) -> list[Recipient]:
    return list(Recipient.objects.mail(link, people, by=link.owner))


def history(client: Client, link: Link) -> list[str]:
    """The words of each entry, newest first; when it was and where from follow in brackets."""
    page = client.get(link.get_absolute_url()).content.decode()
    [entries] = re.findall(r'(?s)<ol class="history">(.+?)</ol>', page)
    told = re.findall(r"(?s)<li[^>]*>(.+?)<small>(.+?)</small>", entries)
    return [" ".join(unescape(strip_tags(f"{what} [{origin.strip()}]")).split()) for what, origin in told]


def words(client: Client, link: Link) -> list[str]:
    return [entry.partition(" [")[0] for entry in history(client, link)]


def downloads(client: Client, link: Link) -> list[str]:
    return [entry for entry in words(client, link) if entry.startswith("Downloaded")]


def test_a_collection_is_one_entry(alice_client: Client, visitor: Client, files: list[File]) -> None:
    link = link_to(*files)
    collect(visitor, link.token)
    assert downloads(alice_client, link) == ["Downloaded: a.txt and 2 more"]


def test_a_collection_by_a_recipient_is_one_entry_too(
    alice_client: Client, visitor: Client, files: list[File]
) -> None:
    link = link_to(*files)
    [ann] = mail(link, ANN)
    collect(visitor, ann.token)
    assert downloads(alice_client, link) == ["Downloaded by Ann: a.txt and 2 more"]


def test_two_visitors_are_two_entries_even_at_one_moment(alice_client: Client, files: list[File]) -> None:
    link = link_to(*files)
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(2):
            collect(Client(), link.token)
    assert downloads(alice_client, link) == ["Downloaded: a.txt and 2 more"] * 2


def test_two_recipients_are_two_entries(alice_client: Client, files: list[File]) -> None:
    link = link_to(*files)
    for recipient in mail(link, ANN, BOB):
        collect(Client(), recipient.token)
    assert downloads(alice_client, link) == [
        "Downloaded by bob@example.com: a.txt and 2 more",
        "Downloaded by Ann: a.txt and 2 more",
    ]


def test_what_is_collected_again_is_an_entry_of_its_own(
    alice_client: Client, visitor: Client, files: list[File]
) -> None:
    link = link_to(*files, download_limit=1)
    download(visitor, link.token, files[0])
    collect(visitor, link.token)
    assert downloads(alice_client, link) == [
        "Downloaded: a.txt and 1 more",
        "Downloaded again by the same visitor: b.txt",
        "Downloaded: b.txt",
    ]


def test_a_single_download_says_which_file_and_where_from(alice_client: Client, files: list[File]) -> None:
    link = link_to(*files)
    [ann] = mail(link, ANN)
    for token in (ann.token, link.token):
        download(Client(headers={"user-agent": "curl/8"}), token, files[0])
    assert words(alice_client, link)[:2] == ["Downloaded: b.txt", "Downloaded by Ann: b.txt"]
    for entry in history(alice_client, link)[:2]:
        assert entry.endswith(" UTC · from network 127.0.0.0 · curl/8]")


def test_thousands_are_written_with_a_comma(alice_client: Client, files: list[File]) -> None:
    link, now = link_to(*files), timezone.now()
    Download.objects.bulk_create(Download(link=link, file=files[0], at=now) for _ in range(2_000))
    assert downloads(alice_client, link) == ["Downloaded: b.txt and 1,999 more"]


def test_a_large_collection_pushes_nothing_out(alice: User, alice_client: Client, visitor: Client) -> None:
    link = link_to(*(kept_file(alice, name=f"{number:03}.txt") for number in range(150)))
    [ann] = mail(link, ANN)
    link.limit_downloads(2, by=alice)
    download(Client(), ann.token, link.files.get(name="007.txt"))
    collect(visitor, link.token)
    newest, *earlier, made = words(alice_client, link)
    assert newest == "Downloaded: 000.txt and 149 more"
    assert earlier == [
        "Downloaded by Ann: 007.txt",
        "Download limit changed to 2 per file",
        "Sending to ann@example.com",
    ]
    assert made.startswith("Created")


def test_it_stays_one_entry_once_who_it_was_is_forgotten(
    alice_client: Client, visitor: Client, files: list[File]
) -> None:
    link = link_to(*files)
    collect(visitor, link.token)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        forget_addresses.call()
    assert set(link.downloads.values_list("visitor", "network")) == {("", None)}
    assert downloads(alice_client, link) == ["Downloaded: a.txt and 2 more"]


def test_the_newest_hundred_are_shown(files: list[File]) -> None:
    link, now = link_to(*files), timezone.now()
    Download.objects.bulk_create(
        Download(link=link, file=file, at=now + timedelta(minutes=number))
        for number in range(ENTRIES_SHOWN + 50)
        for file in files
    )
    entries = history_of(link)
    assert len(entries) == ENTRIES_SHOWN
    assert entries[0].at == now + timedelta(minutes=ENTRIES_SHOWN + 49)
    assert entries[-1].at == now + timedelta(minutes=50)


def test_it_takes_one_query_more_for_all_recipients(
    files: list[File], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    link = link_to(*files)
    collect(Client(), link.token)
    with django_assert_num_queries(3):
        history_of(link)
    for recipient in mail(link, ANN, BOB):
        collect(Client(), recipient.token)
    with django_assert_num_queries(4):
        labels = [
            entry.recipient.label
            for entry in history_of(link)
            if isinstance(entry, Collection) and entry.recipient
        ]
    assert labels == ["bob@example.com", "Ann"]
