"""Revoking a link."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File
from sharing.links.models import Download, Link
from sharing.storage.bucket import Bucket
from tests.bucket_client import fetch
from tests.factories import link_to, recorded_file, sent_file
from tests.people import RunTasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice))


def test_the_owner_revokes(link: Link, alice: User, alice_client: Client, visitor: Client) -> None:
    alice_client.post(reverse("link_revocation", args=[link.public_id]))
    assert visitor.get(link.url).status_code == 410
    assert Event.objects.get(action="link.revoked").actor == alice


def test_revoking_twice_is_one_event(link: Link, alice: User) -> None:
    link.revoke(by=alice)
    Link.objects.get(pk=link.pk).revoke(by=alice)
    assert Event.objects.filter(action="link.revoked").count() == 1


def test_other_links_to_the_file_go_on(link: Link, alice: User, visitor: Client) -> None:
    other = link_to(link.files.get())
    link.revoke(by=alice)
    assert visitor.get(other.url).status_code == 200


def test_get_is_refused(link: Link, alice_client: Client) -> None:
    assert alice_client.get(reverse("link_revocation", args=[link.public_id])).status_code == 405


def fetched_by(visitor: Client, link: Link, file: File) -> str:
    """The presigned URL of a download."""
    return visitor.post(reverse("landing_download", args=[link.token, file.pk]))["Location"]


def test_downloads_already_handed_out_are_stopped_where_the_owner_says_so(
    alice: User, alice_client: Client, visitor: Client, bucket: Bucket, run_tasks: RunTasks
) -> None:
    fetched, untouched = sent_file(alice, name="a"), sent_file(alice, name="b")
    link, other = link_to(fetched, untouched), link_to(fetched)
    url, others_url = fetched_by(visitor, link, fetched), fetched_by(visitor, other, fetched)
    alice_client.post(reverse("link_revocation", args=[link.public_id]), {"stop_downloads": "on"})
    for _ in range(2):  # one task asks for the move that the next one does
        run_tasks()
    assert (fetch(url).status, fetch(others_url).status) == (404, 404)
    assert File.objects.get(pk=untouched.pk).object_key == untouched.object_key
    assert fetch(fetched_by(visitor, other, fetched)).data == b"hello"


def test_direct_urls_to_these_files_end_with_them_and_are_not_listed_any_longer(
    alice: User, visitor: Client, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = sent_file(alice)
    link = link_to(file)
    url, _ = file.create_direct_url(seconds=60, by=alice)
    fetched_by(visitor, link, file)
    link.revoke(by=alice, stop_downloads=True)
    for _ in range(2):
        run_tasks()
    assert fetch(url).status == 404
    assert not file.direct_urls.usable().exists()


def test_else_they_run_out_by_themselves(
    alice: User, alice_client: Client, visitor: Client, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = sent_file(alice)
    url = fetched_by(visitor, link_to(file), file)
    alice_client.post(reverse("link_revocation", args=[Link.objects.get().public_id]))
    run_tasks()
    assert fetch(url).status == 200


def test_a_download_whose_url_has_run_out_moves_nothing(link: Link, alice: User, run_tasks: RunTasks) -> None:
    file = link.files.get()
    Download.objects.create(link=link, file=file, at=timezone.now() - timedelta(days=2, seconds=1))
    link.revoke(by=alice, stop_downloads=True)
    run_tasks()
    assert not File.objects.get().is_rekeying


@pytest.mark.parametrize("name", ["link", "link_revocation", "link_settings"])
def test_an_outsider_gets_404(link: Link, bob_client: Client, name: str) -> None:
    address = reverse(name, args=[link.public_id])
    send = bob_client.get if name == "link" else bob_client.post
    assert send(address).status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


def test_a_visitor_is_asked_to_sign_in(link: Link, visitor: Client) -> None:
    answer = visitor.post(reverse("link_revocation", args=[link.public_id]))
    assert answer["Location"].startswith(reverse("account_login"))
