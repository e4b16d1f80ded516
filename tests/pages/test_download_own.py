"""An owner downloads files of their own as one archive: nothing is shared, and nothing is counted."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.links.models import Download
from sharing.pages import own_archive
from sharing.requests.models import FileRequest
from tests.factories import kept_file, link_to, recorded_file, started_upload
from tests.requests.factories import arrived, known_guest, request_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]

ARCHIVES, URLS = "/archives/", "/archives/urls/"


def paths(answer: Any) -> list[str]:
    return [file["path"] for file in answer.json()["files"]]


def test_get_is_refused(alice_client: Client) -> None:
    assert alice_client.get(ARCHIVES).status_code == 405
    assert alice_client.get(URLS).status_code == 405


def test_what_is_ticked_comes_with_its_folders(alice_client: Client, alice: User) -> None:
    ticked = [recorded_file(alice, name="a.txt"), recorded_file(alice, name="b.txt", path="notes")]
    recorded_file(alice, name="c.txt", path="photos/may")
    recorded_file(alice, name="d.txt")
    answer = alice_client.post(ARCHIVES, {"file": [str(file.pk) for file in ticked], "folder": "photos"})
    assert sorted(paths(answer)) == ["a.txt", "notes/b.txt", "photos/may/c.txt"]
    assert 'filename="Waybill.zip"' in answer.json()["disposition"]
    assert answer.json()["note"] == ""


def test_a_folder_gives_its_name_to_the_archive(alice_client: Client, alice: User) -> None:
    recorded_file(alice, name="c.txt", path="photos/may")
    answer = alice_client.post(ARCHIVES, {"folder": "photos/may"})
    assert 'filename="may.zip"' in answer.json()["disposition"]


def test_all_that_a_search_found(alice_client: Client, alice: User) -> None:
    for name in ("one.jpg", "two.jpg", "three.txt"):
        recorded_file(alice, name=name)
    answer = alice_client.post(ARCHIVES, {"found": "all", "q": "jpg", "in": ""})
    assert sorted(paths(answer)) == ["one.jpg", "two.jpg"]


def test_names_that_collide_get_numbers(alice_client: Client, alice: User) -> None:
    for name in ("same.txt", "SAME.txt"):
        recorded_file(alice, name=name)
    found = paths(alice_client.post(ARCHIVES, {"found": "all"}))
    assert len({path.casefold() for path in found}) == 2


def test_a_link_s_contents_count_nothing(alice_client: Client, alice: User) -> None:
    link = link_to(
        recorded_file(alice, name="a.txt"), recorded_file(alice, name="b.txt"), download_limit=1, title="May"
    )
    answer = alice_client.post(ARCHIVES, {"link": link.public_id})
    assert paths(answer) == ["a.txt", "b.txt"]
    assert 'filename="May.zip"' in answer.json()["disposition"]
    assert not Download.objects.exists()
    assert set(link.items.values_list("download_count", flat=True)) == {0}


def test_a_request_s_files_lie_in_a_folder_for_each_guest(alice_client: Client, alice: User) -> None:
    file_request = request_of(alice, title="Scans")
    ann, other_ann = known_guest(file_request, "Ann"), known_guest(file_request, "Ann")
    nameless = known_guest(file_request, "", email="a/b@example.com")
    for guest in (ann, other_ann, nameless):
        arrived(guest, "scan.pdf")
    answer = alice_client.post(ARCHIVES, {"request": file_request.public_id})
    assert sorted(paths(answer)) == ["Ann (2)/scan.pdf", "Ann/scan.pdf", "a_b@example.com/scan.pdf"]
    assert 'filename="Scans.zip"' in answer.json()["disposition"]


def test_a_request_takes_no_more_queries_for_more_files(alice_client: Client, alice: User) -> None:
    def queries(file_request: FileRequest) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert alice_client.post(ARCHIVES, {"request": file_request.public_id}).status_code == 200
        return len(captured)

    few, many = request_of(alice), request_of(alice)
    arrived(known_guest(few))
    for number in range(3):
        arrived(known_guest(many, f"guest {number}"))
    queries(few)  # the first request of a client takes some for its session
    assert queries(many) == queries(few)


def test_what_is_still_arriving_is_told_and_left_out(alice_client: Client, alice: User) -> None:
    ready = recorded_file(alice, name="a.txt")
    link = link_to(ready, started_upload(alice, 20_000_000).file)
    answer = alice_client.post(ARCHIVES, {"link": link.public_id})
    assert paths(answer) == ["a.txt"]
    assert answer.json()["note"] == "1 file is still uploading and is not in it."


def test_nothing_is_refused_in_words(
    alice_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal(**fields: object) -> str:
        answer = alice_client.post(ARCHIVES, fields)
        assert answer.status_code == 409
        return str(answer.json()["detail"])

    assert refusal() == "Select files first."
    uploading = started_upload(alice, 20_000_000).file
    assert refusal(file=str(uploading.pk)) == "These files are still uploading. Try again in a moment."
    assert refusal(request=request_of(alice).public_id) == "There are no files to download."
    monkeypatch.setattr(own_archive, "MAX_FILES", 1)
    for name in ("a.txt", "b.txt"):
        recorded_file(alice, name=name)
    assert refusal(found="all") == "An archive can hold at most 1 files; you selected 2."


def test_what_another_user_has_is_not_there(alice: User, bob_client: Client) -> None:
    file = recorded_file(alice, path="photos")
    file_request = request_of(alice)
    arrived(known_guest(file_request))
    for query in (
        {"file": str(file.pk)},
        {"folder": "photos"},
        {"link": link_to(file).public_id},
        {"request": file_request.public_id},
        {"file": "none"},
    ):
        assert bob_client.post(ARCHIVES, query).status_code == 404, query


def test_each_file_s_url_comes_to_its_owner_alone(
    alice_client: Client, bob_client: Client, alice: User, bob: User
) -> None:
    file = kept_file(alice)
    receipt = alice_client.post(ARCHIVES, {"file": str(file.pk)}).json()["receipt"]
    given = alice_client.post(URLS, {"receipt": receipt, "file": str(file.pk)}).json()["urls"]
    assert [*given] == [str(file.pk)]
    assert f"X-Amz-Expires={own_archive.URL_SECONDS}" in given[str(file.pk)]
    for client in (bob_client, Client()):
        assert client.post(URLS, {"receipt": receipt, "file": str(file.pk)}).status_code == 403
    recorded_file(bob)
    theirs = bob_client.post(ARCHIVES, {"found": "all"}).json()["receipt"]
    assert bob_client.post(URLS, {"receipt": theirs, "file": str(file.pk)}).json() == {"urls": {}}


def test_urls_ask_for_a_receipt_of_today_and_for_a_hundred_files_at_most(
    alice_client: Client, alice: User
) -> None:
    file = recorded_file(alice)
    receipt = alice_client.post(ARCHIVES, {"file": str(file.pk)}).json()["receipt"]
    assert alice_client.post(URLS, {"file": str(file.pk)}).status_code == 403
    assert alice_client.post(URLS, {"receipt": receipt}).status_code == 400
    assert alice_client.post(URLS, {"receipt": receipt, "file": [str(file.pk)] * 101}).status_code == 400
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert alice_client.post(URLS, {"receipt": receipt, "file": str(file.pk)}).status_code == 403


def test_nothing_more_comes_of_what_was_deleted_or_of_who_is_suspended(
    alice_client: Client, alice: User, carol: User
) -> None:
    kept, deleted = recorded_file(alice), recorded_file(alice)
    body = {"receipt": "", "file": [str(kept.pk), str(deleted.pk)]}
    body["receipt"] = alice_client.post(ARCHIVES, {"found": "all"}).json()["receipt"]
    deleted.delete_by(alice)
    assert [*alice_client.post(URLS, body).json()["urls"]] == [str(kept.pk)]
    alice.suspend(by=carol)
    assert alice_client.post(URLS, body).status_code == 403
    assert alice_client.post(ARCHIVES, {"found": "all"}).status_code == 302


def test_it_is_one_event_however_many_files_there_are(alice_client: Client, alice: User) -> None:
    all_arrived_in = request_of(alice)
    for number in range(3):
        arrived(known_guest(all_arrived_in, f"guest {number}"))
    before = Event.objects.count()
    answer = alice_client.post(ARCHIVES, {"request": all_arrived_in.public_id}).json()
    body = {"receipt": answer["receipt"], "file": [file["id"] for file in answer["files"]]}
    assert len(alice_client.post(URLS, body).json()["urls"]) == 3
    [event] = Event.objects.order_by("-pk")[: Event.objects.count() - before]
    assert (event.action, event.details["count"]) == ("files.downloaded", 3)


def test_another_site_cannot_begin_one(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    recorded_file(alice)
    assert client.post(ARCHIVES, {"found": "all"}).status_code == 403


def test_the_service_worker_may_answer_for_archives(alice_client: Client) -> None:
    answer = alice_client.get(reverse("archive_collector"))
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.wsgi_request.path.startswith(ARCHIVES)


def test_pages_have_the_button_where_there_are_files(alice_client: Client, alice: User) -> None:
    link = link_to(
        recorded_file(alice, name="a.txt", path="photos & more"), recorded_file(alice, name="b.txt")
    )
    file_request = request_of(alice)
    assert b"download-all" not in alice_client.get(file_request.get_absolute_url()).content
    arrived(known_guest(file_request))
    for address, query in (
        ("/", 'data-form="pick"'),
        ("/?folder=photos+%26+more", "folder=photos%20%26%20more"),
        (link.get_absolute_url(), f"link={link.public_id}"),
        (file_request.get_absolute_url(), f"request={file_request.public_id}"),
    ):
        assert query in alice_client.get(address).content.decode()
