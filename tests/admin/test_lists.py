"""The lists: as many queries for a hundred rows as for one, found by what operators have in hand."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sharing.accounts.models import Invitation, User
from sharing.files.models import File
from sharing.links import admin as links_admin
from sharing.links.admin import FILES_SHOWN, KEYS_NAMED
from sharing.links.models import Download, Link, Recipient
from tests.admin.pages import TABLES, list_of, page_of, queries
from tests.factories import link_to, recorded_file, started_upload
from tests.requests.factories import arrived, known_guest, request_of


def make_rows(number: int, by: User) -> None:
    for index in range(number):
        owner = User.objects.create_user(f"user{index}-{User.objects.count()}@example.com")
        file = recorded_file(owner)
        link = link_to(file)
        recipient = Recipient.objects.create(link=link, email=f"guest{index}@example.com")
        Download.objects.create(link=link, file=file, recipient=recipient)
        started_upload(owner, 100_000_000)
        arrived(known_guest(request_of(owner)))
        Invitation.objects.create(email=f"guest{index}@example.com", invited_by=by)


@pytest.mark.parametrize("table", TABLES)
def test_queries_do_not_grow_with_the_rows(carol_client: Client, carol: User, table: str) -> None:
    make_rows(1, carol)
    carol_client.get(list_of(table))
    few = queries(lambda: carol_client.get(list_of(table)))
    make_rows(12, carol)
    many = queries(lambda: carol_client.get(list_of(table)))
    assert many == few


@pytest.mark.parametrize("term", ["printed", "stored", "lower"])
def test_a_link_is_found_by_its_number(carol_client: Client, alice: User, term: str) -> None:
    link, _ = link_to(recorded_file(alice)), link_to(recorded_file(alice))
    terms = {"printed": link.number, "stored": link.public_id, "lower": f" {link.number.lower()} "}
    answer = carol_client.get(list_of("links_link"), {"q": terms[term]})
    assert [row.pk for row in answer.context["cl"].result_list] == [link.pk]


def test_a_link_is_found_once_by_its_files(carol_client: Client, alice: User) -> None:
    link = link_to(recorded_file(alice, name="a.txt"), recorded_file(alice, name="b.txt", size=7))
    answer = carol_client.get(list_of("links_link"), {"q": ".txt"})
    (row,) = answer.context["cl"].result_list
    assert (row.pk, row.contents.count, row.contents.size) == (link.pk, 2, 12)


def test_the_links_of_a_file_are_counted_whole(carol_client: Client, alice: User) -> None:
    first, second = recorded_file(alice), recorded_file(alice, size=7)
    link = link_to(first, second)
    link_to(second)
    answer = carol_client.get(list_of("links_link"), {"files__id__exact": str(first.pk)})
    (row,) = answer.context["cl"].result_list
    assert (row.pk, row.contents.count, row.contents.size) == (link.pk, 2, 12)


def test_the_first_files_of_a_link_are_named_and_the_others_a_list_away(
    carol_client: Client, alice: User
) -> None:
    files = [recorded_file(alice, name=f"{number:03}.txt") for number in range(FILES_SHOWN + 2)]
    recorded_file(alice, name="elsewhere.txt")
    page = carol_client.get(page_of(link_to(*files))).content.decode()
    assert page.count(".txt</a>") == FILES_SHOWN
    [address] = re.findall(r'<a href="([^"]+)">and 2 more</a>', page)
    listed = carol_client.get(address).content.decode()
    assert f"{FILES_SHOWN + 2} files" in listed
    assert "elsewhere.txt" not in listed
    assert " more</a>" not in carol_client.get(page_of(link_to(files[0]))).content.decode()


def test_downloads_are_found_by_the_waybill(carol_client: Client, alice: User) -> None:
    file = recorded_file(alice)
    link, other = link_to(file), link_to(file)
    wanted = Download.objects.create(link=link, file=file)
    Download.objects.create(link=other, file=file)
    answer = carol_client.get(list_of("links_download"), {"q": link.number})
    assert list(answer.context["cl"].result_list) == [wanted]


@pytest.mark.parametrize("keys_named", [KEYS_NAMED, 0], ids=["few match", "many match"])
@pytest.mark.parametrize(
    "words",
    [
        "plan",
        "PLAN.pdf",
        "tender",
        "alice@",
        "ann@example.com",
        "192.0.2",
        "Firefox",
        "plan ann@example.com",
        '"the tender"',
    ],
)
def test_downloads_are_found_by_all_that_is_searched(
    carol_client: Client,
    alice: User,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    keys_named: int,
) -> None:
    monkeypatch.setattr(links_admin, "KEYS_NAMED", keys_named)
    file = recorded_file(alice, name="plan.pdf")
    link = link_to(file, title="For the tender")
    ann = Recipient.objects.create(link=link, email="ann@example.com")
    wanted = Download.objects.create(
        link=link, file=file, recipient=ann, network="192.0.2.0", user_agent="Firefox"
    )
    other = recorded_file(bob, name="other.txt")
    Download.objects.create(link=link_to(other), file=other, network="198.51.100.0", user_agent="curl")
    found = carol_client.get(list_of("links_download"), {"q": words}).context["cl"].result_list
    assert list(found) == [wanted]


@pytest.mark.parametrize("words", ["nowhere", "plan nowhere", "tender the", "ann"])
def test_a_download_without_one_of_the_words_is_not_found(
    carol_client: Client, alice: User, words: str
) -> None:
    """Nor does the search join a million downloads with their files, links and owners to find none."""
    file = recorded_file(alice, name="plan.pdf")
    Download.objects.create(link=link_to(file), file=file)
    with CaptureQueriesContext(connection) as captured:
        answer = carol_client.get(list_of("links_download"), {"q": words})
    assert not answer.context["cl"].result_list
    assert not [query for query in captured if "user_agent" in query["sql"] and "JOIN" in query["sql"]]


@pytest.mark.parametrize("state", Link.State)
def test_the_filter_agrees_with_the_state(
    carol_client: Client, alice: User, bob: User, state: Link.State
) -> None:
    file = recorded_file(alice)
    link_to(file)
    link_to(file, expires_in=None, download_limit=3)
    link_to(file).revoke(by=alice)
    past = timezone.now() - timedelta(hours=1)
    Link.objects.filter(pk=link_to(file).pk).update(expires_at=past)
    link_to(file, download_limit=1).items.update(download_count=1)
    used_up = link_to(file, download_limit=1)
    used_up.items.update(download_count=1)
    Link.objects.filter(pk=used_up.pk).update(revoked_at=past)
    link_to(started_upload(alice, 100_000_000).file)
    deleted = recorded_file(alice)
    link_to(deleted)
    deleted.delete_by(alice)
    link_to(recorded_file(bob))
    bob.suspend(by=alice)

    wanted = {link.pk for link in Link.objects.with_contents() if link.state == state}
    answer = carol_client.get(list_of("links_link"), {"state": state.value})
    assert {link.pk for link in answer.context["cl"].result_list} == wanted
    assert wanted


@pytest.mark.parametrize("state", ["arriving", "ready", "trashed", "discarded", "purged"])
def test_files_are_filtered_by_state(carol_client: Client, alice: User, state: str) -> None:
    now = timezone.now()
    wanted: dict[str, File] = {
        "arriving": started_upload(alice, 100_000_000).file,
        "ready": recorded_file(alice),
        "trashed": recorded_file(alice, deleted_at=now),
        "discarded": recorded_file(alice, deleted_at=now, discarded_at=now),
        "purged": recorded_file(alice, deleted_at=now, discarded_at=now, purged_at=now),
    }
    answer = carol_client.get(list_of("files_file"), {"state": state})
    assert list(answer.context["cl"].result_list) == [wanted[state]]


def test_a_name_s_direction_override_is_seen(carol_client: Client, alice: User) -> None:
    recorded_file(alice, name="r\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe")
    body = carol_client.get(list_of("files_file")).content.decode()
    assert "r[U+202E]gpj.exe" in body


def test_markup_in_a_name_is_text(carol_client: Client, alice: User) -> None:
    link_to(recorded_file(alice, name="<script>alert(1)<script>"), title="<b>bold</b>")
    for table in ("files_file", "links_link", "audit_event", "files_upload"):
        body = carol_client.get(list_of(table)).content.decode()
        assert "<script>alert" not in body
        assert "<b>bold" not in body


def test_recipients_are_shown_with_their_link_and_never_with_their_token(
    carol_client: Client, alice: User
) -> None:
    link = link_to(recorded_file(alice))
    recipient = Recipient.objects.create(link=link, email="ann@example.com", mailed_at=timezone.now())
    for page in (list_of("links_recipient"), page_of(recipient), page_of(link)):
        body = carol_client.get(page).content.decode()
        assert "ann@example.com" in body
        assert recipient.token not in body
    found = carol_client.get(list_of("links_recipient"), {"q": link.number}).context["cl"].result_list
    assert [row.pk for row in found] == [recipient.pk]
