"""A page that waits for files still on their way asks how far they have come."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.models import User
from sharing.files import progress
from sharing.files.models import Upload
from sharing.links.models import Link
from sharing.links.offers import totals_key
from sharing.storage.plan import DEFAULT_PART_SIZE, UploadPlan
from tests.bucket_proxy import unreachable_bucket
from tests.factories import link_to, recorded_file, send_parts, started_upload

pytestmark = pytest.mark.django_db
BODY = b"a" * DEFAULT_PART_SIZE + b"the end"
PARTS = UploadPlan.of(len(BODY))
LAST = PARTS.length_of(PARTS.part_count)


def address(link: Link) -> str:
    return reverse("landing_progress", args=[link.token])


def look(link: Link, *, afresh: bool = True) -> Any:
    if afresh:
        cache.delete(f"link-progress:{link.pk}:fresh")
        cache.delete(totals_key(link))
    return Client().get(address(link)).json()


@pytest.mark.usefixtures("bucket")
def test_it_tells_the_bytes_that_the_bucket_has(alice: User) -> None:
    upload, ready = started_upload(alice, len(BODY)), recorded_file(alice, size=5)
    alone, both = link_to(upload.file), link_to(upload.file, ready)
    assert look(alone) == {"state": "arriving", "count": 1, "ready": 0, "size": len(BODY), "arrived": 0}
    send_parts(upload, BODY, only={PARTS.part_count})
    assert look(alone)["arrived"] == LAST
    send_parts(upload, BODY, only={1, 2, 3})
    assert look(alone)["arrived"] == len(BODY)
    assert look(both) == {
        "state": "open",
        "count": 2,
        "ready": 1,
        "size": len(BODY) + 5,
        "arrived": len(BODY) + 5,
    }
    Upload.objects.get(pk=upload.pk).complete()
    assert look(alone)["state"] == "open"
    assert look(alone)["ready"] == 1


@pytest.mark.usefixtures("bucket")
def test_of_many_files_the_bucket_is_asked_for_the_newest(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "MANY", 2)
    uploads = [started_upload(alice, len(BODY)) for _ in range(3)]
    for upload in uploads:
        send_parts(upload, BODY, only={PARTS.part_count})
    assert look(link_to(*(upload.file for upload in uploads)))["arrived"] == 2 * LAST
    assert progress.arrived_bytes(upload.file for upload in uploads).keys() == {
        upload.file_id for upload in uploads[1:]
    }


@pytest.mark.usefixtures("bucket")
def test_however_many_look_the_bucket_is_asked_once_in_a_while(alice: User) -> None:
    upload = started_upload(alice, len(BODY))
    link = link_to(upload.file)
    send_parts(upload, BODY, only={PARTS.part_count})
    assert look(link)["arrived"] == LAST
    send_parts(upload, BODY, only={1, 2, 3})
    assert {look(link, afresh=False)["arrived"] for _ in range(5)} == {LAST}
    assert look(link)["arrived"] == len(BODY)


@pytest.mark.usefixtures("bucket")
def test_where_the_bucket_does_not_answer_the_last_known_is_told(alice: User) -> None:
    upload = started_upload(alice, len(BODY))
    link = link_to(upload.file)
    send_parts(upload, BODY, only={PARTS.part_count})
    look(link)
    with unreachable_bucket():
        assert look(link)["arrived"] == LAST


def test_looking_counts_no_view_and_sets_no_cookie(alice: User, visitor: Client) -> None:
    link = link_to(started_upload(alice, len(BODY)).file)
    answer = visitor.get(address(link))
    link.refresh_from_db()
    assert (answer.status_code, link.view_count, len(answer.cookies)) == (200, 0, 0)
    assert answer["Cache-Control"] == "no-store"
    assert visitor.post(address(link)).status_code == 405


def test_a_link_that_has_ended_is_gone(alice: User, visitor: Client) -> None:
    link = link_to(started_upload(alice, len(BODY)).file)
    link.revoke(by=alice)
    answer = visitor.get(address(link))
    assert (answer.status_code, answer.json()) == (410, {"state": "revoked"})


def test_an_unknown_link_is_unknown(visitor: Client) -> None:
    answer = visitor.get(reverse("landing_progress", args=["nonsense"]))
    assert (answer.status_code, answer.json()) == (404, {"state": "unknown"})


@pytest.mark.parametrize("count", [1, 120])
def test_while_others_watch_it_takes_two_queries(
    alice: User, visitor: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    """The link, and the cache of what its files come to."""
    link = link_to(*(recorded_file(alice, name=f"{number}") for number in range(count)))
    cache.delete(totals_key(link))
    visitor.get(address(link))
    with django_assert_num_queries(2):
        visitor.get(address(link))


def test_who_knows_it_already_is_told_so(alice: User, visitor: Client) -> None:
    link = link_to(recorded_file(alice))
    cache.delete(totals_key(link))
    first = visitor.get(address(link))
    again = visitor.get(address(link), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "no-store"
    link.add_files([recorded_file(alice, name="more")], by=alice)
    cache.delete(totals_key(link))
    assert visitor.get(address(link), headers={"if-none-match": first["ETag"]}).json()["count"] == 2


def test_totals_that_were_counted_let_nobody_into_a_link_that_has_ended(alice: User, visitor: Client) -> None:
    link = link_to(recorded_file(alice))
    assert visitor.get(address(link)).status_code == 200
    link.revoke(by=alice)
    assert visitor.get(address(link)).status_code == 410


def test_where_downloads_are_counted_each_address_has_totals_of_its_own(alice: User, visitor: Client) -> None:
    link = link_to(recorded_file(alice), download_limit=1)
    assert visitor.get(address(link)).status_code == 200
    link.items.update(download_count=1)
    assert visitor.get(address(link)).json() == {"state": "used_up"}


def test_the_page_waits_only_for_what_is_missing(alice: User, visitor: Client) -> None:
    arriving, ready = started_upload(alice, len(BODY)).file, recorded_file(alice)
    for files, is_waiting in (((arriving,), True), ((arriving, ready), True), ((ready,), False)):
        page = visitor.get(link_to(*files).url).content.decode()
        assert ("<arriving-link" in page) == is_waiting
