"""Uploading by a plain HTML form, without JavaScript."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.files.models import File, Upload
from sharing.files.tasks import expire_uploads
from tests.bucket_client import fetch, http
from tests.factories import let_forms_expire, recorded_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]


def start(client: Client, name: str = "notes.txt") -> Upload:
    client.post(reverse("uploads"), {"name": name})
    return Upload.objects.latest("created_at")


def send_page(client: Client, upload: Upload, body: bytes) -> str:
    """Fill in the form on the page as a browser would; returns where the bucket sends the browser."""
    page = client.get(upload.get_absolute_url()).content.decode()
    address = unescape(re.findall(r'<form[^>]*action="(http[^"]+)"', page)[0])
    inputs = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    fields = {name: unescape(value) for name, value in inputs if name != "csrfmiddlewaretoken"}
    answer = http.request("POST", address, fields={**fields, "file": ("x", body)}, redirect=False)
    assert answer.status == 303, answer.data
    return answer.headers["Location"]


def test_the_file_travels_by_the_form_and_is_ready(alice: User, alice_client: Client) -> None:
    upload = start(alice_client)
    back = send_page(alice_client, upload, b"by hand")
    assert alice_client.get(back).status_code == 200
    upload.refresh_from_db()
    assert upload.state == Upload.State.OPEN, "looking changes nothing"
    alice_client.post(reverse("upload_completion", args=[upload.pk]))
    file = File.objects.get(pk=upload.file_id)
    assert (file.is_ready, file.size, file.content_type) == (True, 7, "text/plain")
    assert fetch(file.presigned_url()).data == b"by hand"


def test_one_that_arrived_empty_is_said_to_be(alice_client: Client) -> None:
    """As a pipe does: only its bytes tell."""
    for body, is_said in ((b"", True), (b"by hand", False)):
        upload = start(alice_client)
        send_page(alice_client, upload, body)
        page = alice_client.post(reverse("upload_completion", args=[upload.pk]), follow=True).content.decode()
        assert ("“notes.txt” is empty (0 bytes)." in page) == is_said


def test_what_was_held_beyond_its_size_is_given_back(alice: User, alice_client: Client) -> None:
    upload = start(alice_client)
    send_page(alice_client, upload, b"by hand")
    alice_client.post(reverse("upload_completion", args=[upload.pk]))
    alice.refresh_from_db()
    assert alice.used_bytes == 7 + upload.form_limit, "its form could bring as much again"
    let_forms_expire()
    alice.refresh_from_db()
    assert alice.used_bytes == 7


def test_the_form_takes_no_more_than_is_free(alice: User, alice_client: Client) -> None:
    recorded_file(alice, size=90)
    User.objects.filter(pk=alice.pk).update(quota=100)
    upload = start(alice_client)
    assert (upload.reserved, upload.form_limit) == (10, 5), "it is copied on completion"
    with pytest.raises(AssertionError, match="EntityTooLarge"):
        send_page(alice_client, upload, b"six by")


def test_one_that_is_given_up_does_not_hold_the_quota_for_long(alice: User, alice_client: Client) -> None:
    start(alice_client)
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=5)):
        expire_uploads.call()
    let_forms_expire()
    alice.refresh_from_db()
    assert alice.used_bytes == 0


def test_an_outsider_gets_404(alice: User, alice_client: Client, bob_client: Client) -> None:
    upload = start(alice_client)
    assert bob_client.get(upload.get_absolute_url()).status_code == 404
    assert bob_client.post(reverse("upload_completion", args=[upload.pk])).status_code == 404
    assert bob_client.post(reverse("upload_cancellation", args=[upload.pk])).status_code == 404


def test_a_bad_name_is_explained(alice_client: Client) -> None:
    answer = alice_client.post(reverse("uploads"), {"name": "../x"}, follow=True)
    assert "cannot contain" in answer.content.decode()
    assert not Upload.objects.exists()


def complete(client: Client, upload: Upload) -> str:
    """Press the button that finishes it; returns where that leads."""
    return client.post(reverse("upload_completion", args=[upload.pk]))["Location"]


def test_one_of_which_nothing_has_arrived_stays_on_its_page(alice_client: Client) -> None:
    upload = start(alice_client)
    assert complete(alice_client, upload) == upload.get_absolute_url()
    upload.refresh_from_db()
    assert upload.state == Upload.State.OPEN


def test_one_that_was_cancelled_meanwhile_leads_back_to_the_dashboard(
    alice: User, alice_client: Client
) -> None:
    upload = start(alice_client)
    upload.cancel(by=alice)
    assert complete(alice_client, upload) == reverse("dashboard")
    assert not File.objects.ready().exists()


def test_it_can_be_cancelled_until_it_has_arrived(alice_client: Client) -> None:
    given_up, sent = start(alice_client), start(alice_client)
    send_page(alice_client, sent, b"by hand")
    complete(alice_client, sent)
    for upload, leads_to, state in (
        (given_up, reverse("dashboard"), Upload.State.CANCELLED),
        (sent, sent.get_absolute_url(), Upload.State.COMPLETE),
    ):
        answer = alice_client.post(reverse("upload_cancellation", args=[upload.pk]))
        assert answer["Location"] == leads_to
        upload.refresh_from_db()
        assert upload.state == state
    assert [file.pk for file in File.objects.ready()] == [sent.file_id]
