"""Making a link of all that arrived by a request, at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import Upload, UploadSpec
from sharing.links.models import Link
from sharing.listing import ROWS
from sharing.requests.models import FileRequest
from tests.html import flat
from tests.requests.factories import all_arrived, arrived, known_guest, request_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def file_request(alice: User) -> FileRequest:
    return request_of(alice, title="T" * 200)


def make_link(client: Client, file_request: FileRequest) -> Any:
    return client.post(reverse("file_request_link", args=[file_request.public_id]), follow=True)


def test_it_holds_more_files_than_a_page_shows(
    file_request: FileRequest, alice: User, alice_client: Client
) -> None:
    names = [f"{number}.pdf" for number in range(ROWS + 5)]
    sent = all_arrived(known_guest(file_request, "Ann"), *(UploadSpec(name=name, size=5) for name in names))
    sent.append(arrived(known_guest(file_request, "Ben")))
    page = alice_client.get(file_request.get_absolute_url()).content.decode()
    assert f"Create link to all {len(sent)} files" in flat(page)
    answer = make_link(alice_client, file_request)
    link = Link.objects.get()
    assert answer.redirect_chain == [(link.get_absolute_url(), 302)]
    assert "Link created" in answer.content.decode()
    assert set(link.files.all()) == set(sent)
    assert (link.owner, link.title) == (alice, file_request.title)
    assert (link.password, link.download_limit) == ("", None)
    assert link.expires_at
    assert timedelta(days=6) < link.expires_at - timezone.now() < timedelta(days=8)
    assert Event.objects.filter(action="link.made", actor=alice).exists()


def test_what_was_deleted_or_is_on_its_way_or_came_by_another_request_is_not_in_it(
    file_request: FileRequest, alice: User, alice_client: Client
) -> None:
    ann = known_guest(file_request)
    kept = arrived(ann)
    arrived(ann).delete_by(alice)
    Upload.objects.start_all([UploadSpec(name="later.pdf", size=5)], sender=ann)
    arrived(known_guest(request_of(alice)))
    page = alice_client.get(file_request.get_absolute_url()).content.decode()
    assert "> Create link </button>" in flat(page)
    make_link(alice_client, file_request)
    assert list(Link.objects.get().files.all()) == [kept]


def test_before_anything_has_arrived_there_is_nothing_to_link(
    file_request: FileRequest, alice_client: Client
) -> None:
    Upload.objects.start_all([UploadSpec(name="later.pdf", size=5)], sender=known_guest(file_request))
    assert "Create link" not in alice_client.get(file_request.get_absolute_url()).content.decode()
    answer = make_link(alice_client, file_request)
    assert answer.redirect_chain == [(file_request.get_absolute_url(), 302)]
    assert "No files have been received yet" in answer.content.decode()
    assert not Link.objects.exists()


def test_more_than_a_link_takes_are_refused_in_words(
    file_request: FileRequest, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.links.models.querysets.MAX_FILES", 1)
    all_arrived(known_guest(file_request), *(UploadSpec(name=name, size=5) for name in ("a.pdf", "b.pdf")))
    answer = make_link(alice_client, file_request)
    assert answer.redirect_chain == [(file_request.get_absolute_url(), 302)]
    assert "A link can hold at most 1 files; you selected 2." in answer.content.decode()
    assert not Link.objects.exists()


def test_another_user_and_a_get_make_none(
    file_request: FileRequest, alice_client: Client, bob_client: Client
) -> None:
    arrived(known_guest(file_request))
    assert make_link(bob_client, file_request).status_code == 404
    assert alice_client.get(reverse("file_request_link", args=[file_request.public_id])).status_code == 405
    assert not Link.objects.exists()
