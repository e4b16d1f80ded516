"""Handing out a direct URL, on the file's page, by API and on the command line."""

import re
from datetime import timedelta
from html import unescape
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.errors import InvalidLifetime, Unavailable
from sharing.files.models import DirectURL, File
from tests.bucket_client import fetch
from tests.factories import link_to, recorded_file, sent_file, started_upload

pytestmark = pytest.mark.django_db


def seconds_of(url: str) -> int:
    return int(parse_qs(urlsplit(url).query)["X-Amz-Expires"][0])


def make(client: Client, file: File, **data: str) -> str:
    """The page that answers."""
    return client.post(reverse("file_direct_urls", args=[file.pk]), data).content.decode()


def shown_url(page: str) -> str:
    return unescape(re.findall(r'id="direct-url" readonly value="([^"]+)"', page)[0])


def presign(*words: str) -> str:
    out = StringIO()
    call_command("presign", *words, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("bucket")
def test_it_fetches_the_file_under_its_name(alice: User, alice_client: Client) -> None:
    file = sent_file(alice, b"direct", name="résumé.txt")
    answer = fetch(shown_url(make(alice_client, file, lasts="86400")))
    assert answer.data == b"direct"
    assert "UTF-8''r%C3%A9sum%C3%A9.txt" in answer.headers["Content-Disposition"]


def test_it_is_shown_once_and_never_stored(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    url = shown_url(make(alice_client, file, lasts="3600"))
    signature = parse_qs(urlsplit(url).query)["X-Amz-Signature"][0]
    again = alice_client.get(file.get_absolute_url())
    assert signature not in again.content.decode()
    for model in (DirectURL, Event):
        assert signature not in str(list(model._default_manager.values()))
    event = Event.objects.get(action="file.presigned")
    assert (event.actor, event.subject_id) == (alice, str(file.pk))


@pytest.mark.parametrize(("lasts", "seconds"), [("3600", 3600), ("86400", 86_400), ("604800", 604_800)])
def test_the_presets(alice: User, alice_client: Client, lasts: str, seconds: int) -> None:
    assert seconds_of(shown_url(make(alice_client, recorded_file(alice), lasts=lasts))) == seconds


@pytest.mark.parametrize("seconds", [1, 604_800])
def test_seconds_of_ones_own_up_to_what_s3_allows(alice: User, alice_client: Client, seconds: int) -> None:
    page = make(alice_client, recorded_file(alice), lasts="own", seconds=str(seconds))
    assert seconds_of(shown_url(page)) == seconds


@pytest.mark.parametrize("seconds", ["0", "604801", "-1", "", "soon"])
def test_other_seconds_are_refused(alice: User, alice_client: Client, seconds: str) -> None:
    page = make(alice_client, recorded_file(alice), lasts="own", seconds=seconds)
    assert "errorlist" in page
    assert not DirectURL.objects.exists()


def test_the_verb_holds_the_limits_as_well(alice: User) -> None:
    file = recorded_file(alice)
    for seconds in (0, 604_801):
        with pytest.raises(InvalidLifetime):
            file.create_direct_url(seconds=seconds)


def test_the_page_lists_those_that_still_work(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    file.create_direct_url(seconds=60, by=alice)
    file.create_direct_url(seconds=7200, by=alice)
    page = alice_client.get(file.get_absolute_url()).content.decode()
    assert page.count("works until") == 2
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert alice_client.get(file.get_absolute_url()).content.decode().count("works until") == 1


def test_a_file_that_is_not_there_is_not_handed_out(alice: User, carol: User) -> None:
    deleted, arriving = recorded_file(alice), started_upload(alice, 20_000_000).file
    deleted.delete_by(alice)
    for file in (deleted, arriving):
        with pytest.raises(Unavailable):
            file.create_direct_url(seconds=60)
    file = recorded_file(alice)
    alice.suspend(by=carol)
    with pytest.raises(Unavailable, match="not available"):
        file.create_direct_url(seconds=60)


def test_none_is_made_that_would_die_at_once(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    file.create_direct_url(seconds=60, by=alice)
    file.revoke_direct_urls(by=alice)
    with pytest.raises(Unavailable, match="being revoked"):
        file.create_direct_url(seconds=60)
    assert "Earlier URLs are being revoked" in alice_client.get(file.get_absolute_url()).content.decode()


def test_the_api_gives_one(alice: User, alice_client: Client) -> None:
    file = recorded_file(alice)
    address = f"/api/v1/files/{file.pk}/direct-urls/"
    answer = alice_client.post(address, {"expires_in": 60}, content_type="application/json")
    assert (answer.status_code, seconds_of(answer.json()["url"])) == (201, 60)
    assert seconds_of(alice_client.post(address, {}, content_type="application/json").json()["url"]) == 3600
    refused = alice_client.post(address, {"expires_in": 604_801}, content_type="application/json")
    assert refused.status_code == 422
    assert alice_client.delete(address).status_code == 204
    assert not DirectURL.objects.usable().exists()


def test_the_command_prints_the_url_alone(alice: User) -> None:
    file = recorded_file(alice)
    printed = presign(str(file.pk))
    assert printed == printed.strip() + "\n"
    assert seconds_of(printed) == 3600
    assert seconds_of(presign(str(file.pk), "--expires-in", "604800")) == 604_800
    assert DirectURL.objects.filter(file=file, made_by=None).count() == 2
    assert Event.objects.filter(action="file.presigned", actor=None).count() == 2


def test_the_command_takes_a_waybill_s_number_and_a_file_s_place_on_it(alice: User) -> None:
    a, b = recorded_file(alice, name="a.txt"), recorded_file(alice, name="b.txt")
    link, single = link_to(b, a), link_to(a)
    presign(f"{link.number}/2")
    presign(single.public_id)
    assert [made.file for made in DirectURL.objects.order_by("pk")] == [b, a]
    for words in (link.number, f"{link.number}/3", f"{link.number}/0"):
        with pytest.raises(CommandError, match="Choose one of this waybill's files") as caught:
            presign(words)
        assert "b.txt" in str(caught.value)


@pytest.mark.parametrize("words", ["nothing", "7f9c0e0e-6f0e-4f5e-9d55-2f1b4a3c8d11", "WB·0000·0000·0000/1"])
def test_the_command_says_what_it_does_not_know(db: None, words: str) -> None:
    with pytest.raises(CommandError, match=r"no file|neither"):
        presign(words)


def test_the_command_refuses_what_s3_does_not_allow(alice: User) -> None:
    with pytest.raises(CommandError, match="seven days"):
        presign(str(recorded_file(alice).pk), "--expires-in", "604801")


def test_an_outsider_gets_404(alice: User, bob_client: Client) -> None:
    file = recorded_file(alice)
    file.create_direct_url(seconds=60, by=alice)
    for name in ("file_direct_urls", "file_direct_urls_revocation"):
        assert bob_client.post(reverse(name, args=[file.pk]), {"lasts": "3600"}).status_code == 404
    address = f"/api/v1/files/{file.pk}/direct-urls/"
    assert bob_client.post(address, {}, content_type="application/json").status_code == 404
    assert bob_client.delete(address).status_code == 404
    assert DirectURL.objects.usable().count() == 1


@pytest.mark.parametrize("name", ["file_direct_urls", "file_direct_urls_revocation"])
def test_get_is_refused(alice: User, alice_client: Client, name: str) -> None:
    assert alice_client.get(reverse(name, args=[recorded_file(alice).pk])).status_code == 405
