"""Issued URLs live up to a day: whatever is taken back ends them sooner, by moving the object."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Link, Recipient
from sharing.storage.bucket import Bucket
from tests.bucket_client import fetch
from tests.factories import link_to, sent_file
from tests.html import flat
from tests.people import RunTasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]

Out = Callable[[File, Link], str]


def downloaded(file: File, link: Link) -> str:
    return Client().post(reverse("landing_download", args=[link.token, file.pk]))["Location"]


def previewed(file: File, link: Link) -> str:
    return Client().get(reverse("landing_preview", args=[link.token, file.pk]))["Location"]


def collected(file: File, link: Link) -> str:
    receipt = Client().post(reverse("landing_collection", args=[link.token])).json()["receipt"]
    urls = Client().post(
        reverse("landing_collection_urls", args=[link.token]), {"receipt": receipt, "file": str(file.pk)}
    )
    return str(urls.json()["urls"][str(file.pk)])


def own_copy(file: File, link: Link) -> str:
    client = Client()
    client.force_login(file.owner)
    return client.get(reverse("file_download", args=[file.pk]))["Location"]


def own_look(file: File, link: Link) -> str:
    client = Client()
    client.force_login(file.owner)
    return client.get(reverse("file_preview", args=[file.pk]))["Location"]


EACH = pytest.mark.parametrize("hand_out", [downloaded, previewed, collected])


def run_all(run_tasks: RunTasks) -> None:
    for _ in range(2):  # one task asks for the move that the next one does
        run_tasks()


@EACH
@pytest.mark.parametrize("ending", ["revoked", "password", "code", "taken out", "deleted", "suspended"])
def test_whatever_is_taken_back_ends_what_was_handed_out(
    alice: User, carol: User, run_tasks: RunTasks, hand_out: Out, ending: str
) -> None:
    file = sent_file(alice)
    link = link_to(file)
    url = hand_out(file, link)
    assert fetch(url).status == 200
    match ending:
        case "revoked":
            link.revoke(by=alice, stop_downloads=True)
        case "password":
            link.set_password("open sesame", by=alice)
        case "code":
            link.ask_for_code(True, by=alice)
        case "taken out":
            link.remove_file(file, by=alice)
        case "deleted":
            file.delete_by(alice)
        case "suspended":
            alice.suspend(by=carol)
    run_all(run_tasks)
    assert fetch(url).status == 404


@pytest.mark.parametrize("hand_out", [own_copy, own_look])
def test_an_owner_who_is_suspended_keeps_no_url(
    alice: User, carol: User, run_tasks: RunTasks, hand_out: Out
) -> None:
    file = sent_file(alice)
    url = hand_out(file, link_to(file))
    alice.suspend(by=carol)
    run_all(run_tasks)
    assert fetch(url).status == 404


@EACH
def test_an_expiry_and_a_new_limit_let_finish_what_was_begun(
    alice: User, run_tasks: RunTasks, hand_out: Out
) -> None:
    file = sent_file(alice)
    link = link_to(file)
    url = hand_out(file, link)
    link.limit_downloads(1, by=alice)
    Link.objects.update(expires_at="2020-01-01T00:00:00Z")
    run_all(run_tasks)
    assert fetch(url).status == 200


def test_a_recipient_who_is_revoked_loses_what_was_handed_out(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    theirs, others = sent_file(alice, name="a"), sent_file(alice, name="b")
    link = link_to(theirs, others)
    recipient = Recipient.objects.create(link=link, email="dora@example.com")
    url = Client().post(reverse("landing_download", args=[recipient.token, theirs.pk]))["Location"]
    plain = downloaded(others, link)
    recipient.revoke(by=alice)
    run_all(run_tasks)
    assert (fetch(url).status, fetch(plain).status) == (404, 200)


def test_taking_one_file_out_leaves_the_others_where_they_are(alice: User, run_tasks: RunTasks) -> None:
    out, stays = sent_file(alice, name="a"), sent_file(alice, name="b")
    link = link_to(out, stays)
    urls = [downloaded(file, link) for file in (out, stays)]
    link.remove_file(out, by=alice)
    run_all(run_tasks)
    assert [fetch(url).status for url in urls] == [404, 200]


def test_what_nobody_was_given_is_not_moved(alice: User, carol: User, run_tasks: RunTasks) -> None:
    file = sent_file(alice)
    link = link_to(file)
    Client().get(link.url)
    link.set_password("open sesame", by=alice)
    alice.suspend(by=carol)
    run_all(run_tasks)
    assert File.objects.get().object_key == file.object_key


def test_the_page_stops_downloads_unless_its_owner_says_otherwise(alice: User, alice_client: Client) -> None:
    page = alice_client.get(link_to(sent_file(alice)).get_absolute_url()).content.decode()
    assert 'name="stop_downloads" checked' in flat(page)
    assert "may finish, within a day" in page
