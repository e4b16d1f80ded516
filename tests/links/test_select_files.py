"""One link for many files, picked on the dashboard: each for itself, all on a page, or a folder as a whole."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.links.models import Link
from tests.factories import kept_file, link_to, started_upload

pytestmark = pytest.mark.django_db
NEW = "/links/new/"


def names_of(link: Link) -> list[str]:
    return sorted(file.name for file in link.files.all())


def test_what_is_picked_is_shown_and_linked_with_all_its_rules(
    alice: User, alice_client: Client, visitor: Client
) -> None:
    files = [kept_file(alice, name=f"{number}.txt") for number in range(3)]
    picked = {"file": [str(file.pk) for file in files[:2]]}
    shown = alice_client.get(NEW, picked).content.decode()
    assert "0.txt" in shown
    assert "2.txt" not in shown
    rules = {
        "expiry": "day",
        "limit": "number",
        "limit_number": "3",
        "password": "sesame",
        "name": "My files",
    }
    answer = alice_client.post(NEW, picked | rules | {"title": "Two of three"})
    link = Link.objects.get()
    assert answer["Location"] == link.get_absolute_url()
    assert names_of(link) == ["0.txt", "1.txt"]
    assert (link.download_limit, link.slug, link.title) == (3, "my-files", "Two of three")
    assert visitor.get(link.url).status_code == 403


def test_all_on_a_page_is_one_box(alice: User, alice_client: Client) -> None:
    for number in range(3):
        kept_file(alice, name=f"{number}.txt")
    page = alice_client.get("/")
    everything = ",".join(str(file.pk) for file in page.context["files"].page)
    assert f'value="{everything}"' in page.content.decode()
    one_of_them = everything.partition(",")[0]
    alice_client.post(NEW, {"file": [everything, one_of_them], "expiry": "day"})
    assert names_of(Link.objects.get()) == ["0.txt", "1.txt", "2.txt"]


def test_a_folder_is_linked_with_all_below_it_and_nothing_beside_it(
    alice: User, bob: User, alice_client: Client
) -> None:
    for path in (
        "photos",
        "photos/2026",
        "photos/2026/may",
        "Photos",
        "Photos/2026",
        "photos2",
        "photos2/2026",
        "other/photos",
        "",
    ):
        kept_file(alice, name=f"in {path}.txt", path=path)
    kept_file(bob, name="theirs.txt", path="photos")
    upload = started_upload(alice, 20_000_000)
    type(upload.file).objects.filter(pk=upload.file_id).update(path="photos")
    shown = alice_client.get(NEW, {"folder": "photos"}).content.decode()
    assert "4 files" in shown
    alice_client.post(NEW, {"folder": "photos", "expiry": "day"})
    assert names_of(Link.objects.get()) == [
        "film.mov",
        "in photos.txt",
        "in photos/2026.txt",
        "in photos/2026/may.txt",
    ]


def test_a_folder_and_a_file_in_it_are_each_once(alice: User, alice_client: Client) -> None:
    file = kept_file(alice, path="photos")
    alice_client.post(NEW, {"folder": "photos", "file": str(file.pk), "expiry": "day"})
    assert Link.objects.get().items.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_ones_own_is_404(alice: User, bob: User, alice_client: Client, method: str) -> None:
    mine, theirs = kept_file(alice), kept_file(bob, path="secrets")
    send = getattr(alice_client, method)
    for picked in (
        {"file": [str(theirs.pk)]},
        {"file": [str(mine.pk), str(theirs.pk)]},
        {"file": [f"{mine.pk},{theirs.pk}"]},
        {"file": [str(uuid4())]},
        {"file": ["nonsense"]},
        {"folder": ["secrets"]},
        {"folder": [""]},
    ):
        assert send(NEW, picked | {"expiry": "day"}).status_code == 404
    assert not Link.objects.exists()


def test_looking_makes_nothing(alice: User, alice_client: Client) -> None:
    alice_client.get(NEW, {"file": str(kept_file(alice).pk), "expiry": "day"})
    assert not Link.objects.exists()


def test_nothing_picked_leads_back(alice_client: Client) -> None:
    assert alice_client.get(NEW)["Location"] == "/"


def test_a_form_that_is_refused_loses_nothing(alice: User, alice_client: Client) -> None:
    file = kept_file(alice, name="kept.txt")
    fields = {"file": str(file.pk), "expiry": "date", "password": "not to be lost", "message": "Nor this"}
    answer = alice_client.post(NEW, fields)
    assert answer.status_code == 422
    for words in ("kept.txt", "not to be lost", "Nor this"):
        assert words in answer.content.decode()


def test_more_than_a_link_takes_is_explained(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.links.selection.MAX_FILES", 1)
    files = f"{kept_file(alice).pk},{kept_file(alice).pk}"
    answer = alice_client.post(NEW, {"file": files, "expiry": "day"}, follow=True)
    assert "A link can hold at most 1 files" in answer.content.decode()
    assert not Link.objects.exists()


def test_a_file_may_be_in_many_links_which_are_counted_each_for_itself(alice: User) -> None:
    file = kept_file(alice)
    links = [link_to(file, download_limit=1), link_to(file, kept_file(alice), download_limit=1)]
    for link, ending in zip(links, (410, 409), strict=True):
        address = reverse("landing_download", args=[link.token, file.pk])
        assert Client().post(address).status_code == 303
        assert Client().post(address).status_code == ending


def test_a_visitor_is_asked_to_sign_in(visitor: Client) -> None:
    assert visitor.get(NEW)["Location"].startswith(reverse("account_login"))
