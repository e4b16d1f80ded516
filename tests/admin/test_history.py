"""Nothing in the panel rewrites what has happened."""

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File
from sharing.links.models import Download, Link
from tests.admin.pages import list_of, page_of
from tests.factories import link_to, recorded_file
from tests.requests.factories import known_guest, request_of

CLOSED = (
    *("files_file", "files_upload", "links_link", "links_download"),
    *("requests_filerequest", "requests_guest", "audit_event"),
)


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice))


@pytest.fixture
def file(link: Link) -> File:
    file: File = link.files.get()
    return file


@pytest.fixture
def download(link: Link, file: File) -> Download:
    return Download.objects.create(link=link, file=file, network="192.0.2.0", user_agent="curl/8")


@pytest.fixture
def rows(link: Link, file: File, download: Download) -> list[Model]:
    guest = known_guest(request_of(file.owner))
    return [link, file, file.upload, download, guest.request, guest, Event.objects.latest("pk")]


@pytest.mark.parametrize("table", CLOSED)
def test_nothing_is_added(carol_client: Client, table: str) -> None:
    assert carol_client.post(reverse(f"admin:{table}_add"), {}).status_code == 403


def test_nothing_is_changed(carol_client: Client, rows: list[Model]) -> None:
    for row in rows:
        assert carol_client.get(page_of(row)).status_code == 200
        assert carol_client.post(page_of(row), {"size": "1", "object_key": "x"}).status_code == 403


def test_nothing_is_deleted(carol_client: Client, rows: list[Model]) -> None:
    for row in rows:
        assert carol_client.post(page_of(row, "delete"), {"post": "yes"}).status_code == 403


def test_a_user_is_not_deleted(carol_client: Client, alice: User) -> None:
    assert carol_client.post(page_of(alice, "delete"), {"post": "yes"}).status_code == 403


def test_deleting_around_the_verbs_is_not_offered(carol_client: Client, rows: list[Model]) -> None:
    for table in CLOSED:
        assert "delete_selected" not in carol_client.get(list_of(table)).content.decode()


def test_deleting_around_the_verbs_is_refused(carol_client: Client, download: Download) -> None:
    carol_client.post(
        list_of("links_download"), {"action": "delete_selected", "_selected_action": [download.pk]}
    )
    assert Download.objects.filter(pk=download.pk).exists()


def test_a_row_s_history_is_the_record(carol_client: Client, link: Link) -> None:
    answer = carol_client.get(page_of(link, "history"), follow=True)
    assert answer.context["cl"].result_count == 1
    assert "link.made" in answer.content.decode()


def test_a_link_s_address_is_not_shown(carol_client: Client, rows: list[Model], link: Link) -> None:
    for row in rows:
        assert link.token not in carol_client.get(page_of(row)).content.decode()
    body = carol_client.get(list_of("links_link")).content.decode()
    assert link.number in body
    assert link.token not in body


def test_a_password_is_not_shown(carol_client: Client, alice: User) -> None:
    alice.set_password("correct horse battery staple")
    alice.save()
    assert alice.password.rpartition("$")[2] not in carol_client.get(page_of(alice)).content.decode()
