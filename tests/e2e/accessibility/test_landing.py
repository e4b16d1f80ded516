"""Every page of those who fetch, or are asked to send, in each of its states."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from sharing.accounts.models import User
from sharing.files.models import File, Upload, UploadSpec
from sharing.links.models import Link, Recipient, TimeRequest
from sharing.links.statements import FILES_A_PAGE
from sharing.mail.address_list import Person
from sharing.requests.models import FileRequest
from sharing.storage.bucket import get_bucket
from tests.e2e.accessibility.page_checker import PageChecker
from tests.e2e.accessibility.states import LONG, links_in_every_state
from tests.factories import link_to, recorded_file, sent_file, started_upload
from tests.requests.factories import arrived

pytestmark = pytest.mark.slow


def path_of(link: Link) -> str:
    return reverse("landing", args=[link.token])


def test_asking_for_more_time(checker: PageChecker, alice: User) -> None:
    link = link_to(recorded_file(alice))
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    checker.open(path_of(link), status=410)
    checker.page.get_by_label("Your name").fill("Dora")
    checker.page.get_by_label("Message to the sender").fill("I was ill.")
    checker.page.get_by_role("button", name="Ask for more time").click()
    expect(checker.page.get_by_text("was asked for more time")).to_be_visible()
    checker.check("more time was asked for")
    assert TimeRequest.objects.get().words == "I was ill."


def test_a_recipient_s_own_page(checker: PageChecker, alice: User) -> None:
    recipient = Recipient.objects.create(link=link_to(recorded_file(alice)), email="ann@example.com")
    checker.open(reverse("landing", args=[recipient.token]))


def test_a_landing_page_with_folders(checker: PageChecker, alice: User) -> None:
    paths = ("album", "album/may", "album/may/first", "album/june")
    few = [recorded_file(alice, name=f"{number}.txt", path=path) for number, path in enumerate(paths)]
    checker.open(path_of(link_to(*few)))
    more = [recorded_file(alice, name=f"{number}.txt", path="album/may") for number in range(20)]
    checker.open(path_of(link_to(*few, *more)))
    checker.page.locator(".folder-head").first.click()
    checker.check("a landing page with an open folder")
    many = [recorded_file(alice, name=f"{number}.txt", path="other") for number in range(FILES_A_PAGE)]
    path = path_of(link_to(*few, *many))
    checker.open(path)
    checker.open(f"{path}?folder=album/may")


def test_the_landing_page(checker: PageChecker, alice: User, bob: User) -> None:
    links = links_in_every_state(alice, bob)
    assert set(links) == set(Link.State)
    for state, link in links.items():
        is_there = state in {Link.State.OPEN, Link.State.ARRIVING}
        checker.open(path_of(link), status=200 if is_there else 410)
    checker.open("/s/unknown/", status=404)
    files = [recorded_file(alice, name=LONG), recorded_file(alice, name="b.txt")]
    checker.open(path_of(link_to(*files, title=LONG[:200], message=LONG, download_limit=3)))
    checker.page.get_by_text("Download from a terminal").click()
    checker.check("a landing page with its command")
    many = link_to(*(recorded_file(alice, name=f"{number}.txt") for number in range(FILES_A_PAGE + 1)))
    checker.open(f"{path_of(many)}?contents-page=2")
    checker.open(f"{path_of(many)}?q=none")
    locked = link_to(recorded_file(alice), password="open sesame")
    checker.open(path_of(locked), status=403)
    checker.page.get_by_label("Password", exact=True).fill("wrong")
    checker.page.get_by_role("button", name="Open link").click()
    expect(checker.page.locator(".errorlist")).to_be_visible()
    checker.check("a locked link, after a wrong password")
    for _ in range(10):
        Client().post(path_of(locked), {"password": "wrong"})
    checker.page.get_by_label("Password", exact=True).fill("wrong")
    checker.page.get_by_role("button", name="Open link").click()
    expect(checker.page.get_by_role("heading", name="Too many attempts")).to_be_visible()
    checker.check("a locked link, after too many")
    mixed = link_to(recorded_file(alice), started_upload(alice, 100_000_000).file)
    checker.open(path_of(mixed))


def test_looking_at_files(checker: PageChecker, alice: User) -> None:
    text = sent_file(alice, b"def weigh(parcel):\n    return sum(parcel)\n" * 60, name="1 weigh.py")
    broken = sent_file(alice, b"no film", name=f"2 {LONG}")
    File.objects.filter(pk=broken.pk).update(content_type="video/mp4")
    checker.page.goto(path_of(link_to(text, broken)))
    checker.page.get_by_role("link", name="Preview 1 weigh.py").click()
    expect(checker.page.get_by_role("region", name="1 weigh.py")).to_be_visible()
    checker.check("a text that is looked at")
    checker.page.keyboard.press("ArrowRight")
    expect(checker.page.get_by_text("This browser can't show this file")).to_be_visible()
    checker.check("a film that does not show")


def test_an_archive_in_which_something_is_missing(checker: PageChecker, alice: User) -> None:
    lost = sent_file(alice, name=LONG)
    checker.page.goto(path_of(link_to(sent_file(alice, name="a.txt"), lost)))
    get_bucket().delete(lost.object_key)
    with checker.page.expect_download():
        checker.page.get_by_role("button", name="Download all").click()
    expect(checker.page.get_by_text("1 of 2 files is in the archive.")).to_be_visible()
    checker.check("an archive in which something is missing")


def test_asking_for_files(owner: PageChecker, alice: User) -> None:
    owner.open("/requests/")
    request = FileRequest.objects.make(owner=alice, title=LONG[:200], message=LONG)
    owner.open("/requests/")
    owner.page.get_by_text("Limits, password, link name").click()
    owner.check("a new request with its limits")
    owner.open(request.path)
    owner.page.get_by_label("Your name").fill("Gwen")
    owner.page.get_by_role("button", name="Continue").click()
    expect(owner.page.get_by_role("heading", name="Files you sent")).to_be_visible()
    owner.check("a guest with nothing sent")
    guest = request.guests.get()
    arrived(guest, LONG, size=812_345)
    plain = Upload.objects.start_plain(name=LONG, sender=guest)
    owner.open(request.path)
    for query in ("", "?etag=x"):
        owner.open(f"{request.path}uploads/{plain.pk}/{query}")
    Upload.objects.start_all([UploadSpec(name=LONG, size=10**8)], sender=guest)
    request.close(by=alice)
    owner.open(request.path)
    request.reopen(by=alice)
    request.set_password("open sesame", by=alice)
    owner.open(request.path, status=403)
    owner.page.get_by_label("Password", exact=True).fill("open barley")
    owner.page.get_by_role("button", name="Open request").click()
    expect(owner.page.locator(".errorlist")).to_be_visible()
    owner.check("a locked request, after a wrong password")
    request.close(by=alice)
    owner.open(request.path, status=403)
    rules = {"title": "Tax papers", "expires_at": None, "kinds": "pdf", "file_limit": 1, "total_limit": 10**9}
    request.change_rules(rules, by=alice)
    owner.open(request.get_absolute_url())
    for summary in owner.page.locator(".rules summary").all():
        summary.click()
    owner.check("a request, with all that can be changed")
    owner.page.get_by_label("Password (optional)").fill("abc")
    owner.page.get_by_role("button", name="Save", exact=True).click()
    expect(owner.page.locator(".errorlist").first).to_be_visible()
    owner.check("a request, with a password that was refused")


def test_a_link_that_asks_for_a_code(checker: PageChecker, alice: User) -> None:
    link = link_to(recorded_file(alice))
    link.ask_for_code(True, by=alice)
    checker.open(path_of(link), status=403)
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com", "Ann")], by=alice)
    checker.open(link.path_by(ann.token), status=403)
    checker.page.get_by_role("button", name="Email me a code").click()
    checker.page.get_by_label("6-digit code").fill("wrong")
    checker.check("a link whose code is on its way")
    checker.page.get_by_role("button", name="Open link").click()
    expect(checker.page.locator(".errorlist")).to_be_visible()
    checker.check("a link after a wrong code")


@pytest.mark.parametrize("status", ["400", "403", "403-csrf", "404", "429", "500"])
def test_what_says_that_something_is_wrong(checker: PageChecker, settings: LazySettings, status: str) -> None:
    settings.ROOT_URLCONF = "tests.e2e.accessibility.error_urls"
    checker.open("/nothing/here/" if status == "404" else f"/breaking/{status}/", status=int(status[:3]))
