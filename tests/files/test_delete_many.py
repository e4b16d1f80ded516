"""Many files are deleted and restored at once: what was ticked, whole folders, all that a search found."""

import re
from html import unescape

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import DirectURL, File, Upload
from tests.factories import kept_file, link_to, recorded_file, started_upload

pytestmark = pytest.mark.django_db
DELETION = "/files/deletion/"


def delete(client: Client, **selected: object) -> str:
    """Send what was selected, and return the page that follows."""
    return client.post(DELETION, selected, follow=True).content.decode()


def undo(client: Client, page: str) -> None:
    """Press the button in the message of that page."""
    [address] = re.findall(r'action="(/files/restoration/[^"]+)"', page)
    assert client.post(unescape(address)).status_code == 302


def left(owner: User) -> list[str]:
    return sorted(owner.files.present().values_list("name", flat=True))


def test_what_was_ticked_is_deleted_with_one_record_each(alice: User, alice_client: Client) -> None:
    files = [recorded_file(alice, name=f"{number}.txt") for number in range(3)]
    link = link_to(*files)
    page = delete(alice_client, file=[f"{files[0].pk},{files[1].pk}", str(files[1].pk)])
    assert "Deleted 2 files." in page
    assert left(alice) == ["2.txt"]
    deleted = Event.objects.filter(action="file.deleted")
    assert {event.subject_label for event in deleted} == {"0.txt", "1.txt"}
    assert {event.actor for event in deleted} == {alice}
    assert link.items.present().count() == 1


def test_a_folder_of_200_files_is_deleted_at_once_and_restored_at_once(
    alice: User, alice_client: Client
) -> None:
    for number in range(200):
        recorded_file(alice, name=f"{number}.txt", path="photos/may" if number % 2 else "photos")
    recorded_file(alice, name="beside.txt", path="photos2")
    page = delete(alice_client, folder="photos")
    assert "Deleted 200 files." in page
    assert left(alice) == ["beside.txt"]
    undo(alice_client, page)
    assert len(left(alice)) == 201
    assert Event.objects.filter(action="file.restored").count() == 200


def test_all_that_a_search_found_is_deleted_also_from_other_pages(alice: User, alice_client: Client) -> None:
    for number in range(30):
        recorded_file(alice, name=f"tax-{number}.pdf")
    recorded_file(alice, name="holiday.jpg")
    page = alice_client.get("/", {"q": "tax"}).content.decode()
    assert "All 30 that were found" in page
    delete(alice_client, found="all", q="tax")
    assert left(alice) == ["holiday.jpg"]


def test_undo_restores_what_that_press_deleted_and_nothing_else(alice: User, alice_client: Client) -> None:
    first, second, third = (recorded_file(alice, name=f"{number}.txt") for number in range(3))
    first.delete_by(alice)
    page = delete(alice_client, file=[str(second.pk), str(third.pk)])
    undo(alice_client, page)
    assert left(alice) == ["1.txt", "2.txt"]


def test_an_upload_in_the_folder_is_cancelled(alice: User, alice_client: Client) -> None:
    upload = started_upload(alice, 20_000_000)
    File.objects.filter(pk=upload.file_id).update(path="films")
    delete(alice_client, folder="films")
    upload.refresh_from_db()
    assert upload.state == Upload.State.CANCELLED


@pytest.mark.usefixtures("bucket")
def test_direct_urls_stop(alice: User, alice_client: Client) -> None:
    shared, other = kept_file(alice), kept_file(alice)
    shared.create_direct_url(seconds=60, by=alice)
    delete(alice_client, file=[str(shared.pk), str(other.pk)])
    assert not DirectURL.objects.usable().exists()
    shared.refresh_from_db()
    assert shared.is_rekeying


def test_without_a_trash_they_are_gone_and_nothing_offers_to_undo_it(
    alice: User, alice_client: Client, settings: LazySettings
) -> None:
    settings.TRASH_DAYS = 0
    file = recorded_file(alice)
    page = delete(alice_client, file=str(file.pk))
    assert "Undo" not in page
    file.refresh_from_db()
    assert file.discarded_at


def test_files_of_others_are_left_alone(alice: User, bob: User, alice_client: Client) -> None:
    own, theirs = recorded_file(alice, name="own.txt"), recorded_file(bob, path="photos")
    assert alice_client.post(DELETION, {"file": [str(own.pk), str(theirs.pk)]}).status_code == 404
    assert alice_client.post(DELETION, {"folder": "photos"}).status_code == 404
    delete(alice_client, found="all")
    assert (left(alice), len(left(bob))) == ([], 1)
    theirs.delete_by(bob)
    theirs.refresh_from_db()
    alice_client.post(f"/files/restoration/?deleted={theirs.deleted_at:%Y-%m-%dT%H:%M:%S.%f}Z")
    alice_client.post("/files/restoration/", {"file": str(theirs.pk)})
    alice_client.post("/files/removal/", {"file": str(theirs.pk)})
    assert bob.files.trashed().count() == 1


def test_nothing_ticked_says_what_to_do(alice_client: Client) -> None:
    assert "Select files first." in delete(alice_client)
    for name in ("files_restoration", "files_removal"):
        assert "Select files first." in alice_client.post(reverse(name), follow=True).content.decode()


def test_a_get_deletes_nothing(alice: User, alice_client: Client) -> None:
    recorded_file(alice)
    assert alice_client.get(DELETION, {"found": "all"}).status_code == 405
    assert len(left(alice)) == 1


def test_its_queries_do_not_grow_with_the_files(alice: User, alice_client: Client) -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            recorded_file(alice)
        with CaptureQueriesContext(connection) as captured:
            alice_client.post(DELETION, {"found": "all"})
        return len(captured)

    queries(1)
    assert queries(2) == queries(100)


def test_what_was_ticked_in_the_trash_is_restored_or_removed(alice: User, alice_client: Client) -> None:
    files = [recorded_file(alice, name=f"{number}.txt") for number in range(4)]
    delete(alice_client, found="all")
    back = alice_client.post(
        "/files/restoration/", {"file": [str(file.pk) for file in files[:2]]}, follow=True
    )
    assert "Restored 2 files." in back.content.decode()
    assert left(alice) == ["0.txt", "1.txt"]
    gone = alice_client.post("/files/removal/", {"file": str(files[2].pk)}, follow=True)
    assert "Permanently deleted 1 file." in gone.content.decode()
    assert [file.name for file in alice.files.trashed()] == ["3.txt"]
    alice_client.post("/files/removal/", {"file": str(files[0].pk)})
    assert left(alice) == ["0.txt", "1.txt"], "what is not in the trash is not removed"


def test_nonsense_is_not_found(alice_client: Client) -> None:
    assert alice_client.post("/files/restoration/", {"file": "x"}).status_code == 404
    assert alice_client.post("/files/removal/", {"file": "x"}).status_code == 404


@pytest.mark.parametrize(
    "moment",
    ["2026-99-99T00:00:00Z", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "2026-11-30T00:00", "x"],
)
def test_what_is_no_moment_of_the_calendar_restores_nothing(
    alice: User, alice_client: Client, moment: str
) -> None:
    recorded_file(alice).delete_by(alice)
    answer = alice_client.post("/files/restoration/", query_params={"deleted": moment})
    assert (answer.status_code, answer["Location"]) == (302, reverse("trash"))
    assert File.objects.trashed().count() == 1
