"""Deleting a file stops its links and removes its object."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File, Upload
from sharing.files.tasks import purge_deleted_files
from sharing.storage.bucket import Bucket
from sharing.storage.errors import ObjectMissing
from tests.browserless import send_form
from tests.making import link_to, recorded_file, sent_file
from tests.people import RunTasks

pytestmark = pytest.mark.django_db


def test_the_object_goes_and_the_quota_returns(alice: User, bucket: Bucket, run_tasks: RunTasks) -> None:
    file = sent_file(alice)
    file.delete_by(alice)
    run_tasks()
    alice.refresh_from_db()
    assert alice.used_bytes == 0
    with pytest.raises(ObjectMissing):
        bucket.head(file.object_key)


def test_deleting_twice_returns_the_quota_once(alice: User) -> None:
    file, kept = recorded_file(alice), recorded_file(alice, size=7)
    file.delete_by(alice)
    File.objects.get(pk=file.pk).delete_by(alice)
    alice.refresh_from_db()
    assert alice.used_bytes == kept.size
    assert Event.objects.filter(action="file.deleted").count() == 1


def test_its_links_stop(alice: User, client: Client) -> None:
    file = recorded_file(alice)
    link = link_to(file)
    file.delete_by(alice)
    assert client.get(link.url).status_code == 410
    assert client.post(reverse("landing_download", args=[link.token, file.pk])).status_code == 410


def test_a_form_that_is_still_good_brings_nothing_back(
    alice: User, bucket: Bucket, run_tasks: RunTasks
) -> None:
    file = sent_file(alice, b"again")
    presigned = bucket.presign_form(file.object_key, content_type="text/plain", smallest=0, largest=9)
    file.delete_by(alice)
    run_tasks()
    assert send_form(presigned, b"again").status == 201
    Upload.objects.filter(file=file).update(finished_at=timezone.now() - timedelta(hours=2))
    purge_deleted_files.call()
    with pytest.raises(ObjectMissing):
        bucket.head(file.object_key)
    file.refresh_from_db()
    assert file.purged_at


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
