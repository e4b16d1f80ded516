"""Renaming a file: links and bytes stay, only the name changes."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from tests.bucket_client import fetch
from tests.factories import recorded_file, sent_file

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("bucket")
def test_the_next_download_has_the_new_name(alice: User) -> None:
    file = sent_file(alice, b"hello")
    file.rename("日本語.txt", by=alice)
    answer = fetch(file.presigned_url())
    assert answer.data == b"hello"
    assert "UTF-8''%E6%97%A5%E6%9C%AC%E8%AA%9E.txt" in answer.headers["Content-Disposition"]
    assert Event.objects.get(action="file.renamed").details == {"before": "hello.txt"}


def test_the_owner_renames(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    alice_client.post(reverse("file_name", args=[file.pk]), {"name": "new.txt"})
    file.refresh_from_db()
    assert file.name == "new.txt"


@pytest.mark.parametrize("name", ["", "a/b", ".."])
def test_a_bad_name_is_explained_and_changes_nothing(alice: User, alice_client: Client, name: str) -> None:
    file = recorded_file(alice)
    answer = alice_client.post(reverse("file_name", args=[file.pk]), {"name": name}, follow=True)
    assert b"name" in answer.content
    file.refresh_from_db()
    assert file.name == "hello.txt"


def test_an_outsider_gets_404(alice: User, bob_client: Client) -> None:
    file = recorded_file(alice)
    assert bob_client.post(reverse("file_name", args=[file.pk]), {"name": "mine"}).status_code == 404
