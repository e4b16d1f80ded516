"""Deleting a file stops its links and puts it into the trash; tests/files/test_trash.py says what becomes of it."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File
from sharing.storage.bucket import Bucket
from tests.factories import let_forms_expire, link_to, recorded_file, sent_file
from tests.people import RunTasks

pytestmark = pytest.mark.django_db


def test_the_object_and_the_quota_are_kept(alice: User, bucket: Bucket, run_tasks: RunTasks) -> None:
    file = sent_file(alice)
    file.delete_by(alice)
    run_tasks()
    alice.refresh_from_db()
    assert alice.used_bytes == file.size
    assert bucket.holds(file.object_key)


def test_where_there_is_no_trash_the_object_goes_and_the_quota_returns(
    alice: User, bucket: Bucket, run_tasks: RunTasks, settings: LazySettings
) -> None:
    settings.TRASH_DAYS = 0
    file = sent_file(alice)
    file.delete_by(alice)
    run_tasks()
    assert not bucket.holds(file.object_key)
    let_forms_expire()
    alice.refresh_from_db()
    assert alice.used_bytes == 0
    assert not bucket.holds(file.object_key)


def test_deleting_twice_is_one_event(alice: User) -> None:
    file = recorded_file(alice)
    file.delete_by(alice)
    File.objects.get(pk=file.pk).delete_by(alice)
    assert Event.objects.filter(action="file.deleted").count() == 1


def test_its_links_stop(alice: User, client: Client) -> None:
    file = recorded_file(alice)
    link = link_to(file)
    file.delete_by(alice)
    assert client.get(link.url).status_code == 410
    assert client.post(reverse("landing_download", args=[link.token, file.pk])).status_code == 410


def test_the_page_deletes_on_post_alone(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    address = reverse("file_deletion", args=[file.pk])
    assert alice_client.get(address).status_code == 405
    assert alice_client.post(address).status_code == 302
    file.refresh_from_db()
    assert file.is_deleted


def test_an_outsider_gets_404(alice: User, bob_client: Client) -> None:
    file = recorded_file(alice)
    assert bob_client.post(reverse("file_deletion", args=[file.pk])).status_code == 404
    file.refresh_from_db()
    assert not file.is_deleted
