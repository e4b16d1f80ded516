"""Every page of those who send and fetch, in each of its states."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from sharing.accounts.models import User
from sharing.files.models import File, Upload
from sharing.links.addresses import Person
from sharing.links.models import Link, Recipient, TimeRequest
from sharing.requests.models import FileRequest
from tests.e2e.accessibility.looking import Looker
from tests.e2e.accessibility.states import LONG, links_in_every_state, recipients_in_every_state
from tests.e2e.uploading import choose, expect_state, row_of
from tests.making import link_to, recorded_file, started_upload


def path_of(link: Link) -> str:
    return reverse("landing", args=[link.token])


def test_the_dashboard(owner: Looker, alice: User, bob: User) -> None:
    owner.open("/")
    links_in_every_state(alice, bob)
    for number in range(26):
        link_to(recorded_file(alice, name=f"{number} of many.txt", path="holidays/2025"))
    link_to(recorded_file(alice, name=LONG, path=LONG[:100]))
    recorded_file(alice, name=LONG[:100], size=99_000_000_000)
    Upload.objects.start_plain(owner=alice, name="by hand.odt")
    for query in (
        "",
        "?q=tax",
        "?q=nothing+like+it",
        "?links-page=2&files-page=2&files-sort=name&links-sort=opens",
    ):
        owner.open(f"/{query}")
    owner.page.get_by_role("button", name="Account").click()
    owner.look("the account's menu")


def test_what_moves_on_the_dashboard(owner: Looker, tmp_path: Path) -> None:
    page = owner.page
    page.goto("/")
    page.locator("file-drop:defined").wait_for()
    for name in ("arrived.txt", "refused.txt", "stuck.txt"):
        (tmp_path / name).write_bytes(b"hello")
    choose(page, tmp_path / "arrived.txt")
    row_of(page, "arrived.txt").get_by_role("button", name="Copy link").click()
    expect_state(row_of(page, "arrived.txt"), "ready")
    User.objects.update(quota=5)
    choose(page, tmp_path / "refused.txt")
    expect_state(row_of(page, "refused.txt"), "failed")
    page.route("**/api/v1/uploads/", lambda _: None)
    choose(page, tmp_path / "stuck.txt")
    expect(row_of(page, "stuck.txt").get_by_role("button", name="Cancel")).to_be_visible()
    owner.look("what moves")


def test_a_file(owner: Looker, alice: User) -> None:
    page, file = owner.page, recorded_file(alice, name=LONG, path=LONG[:100])
    owner.open(file.get_absolute_url())
    link_to(file)
    owner.open(file.get_absolute_url())
    page.get_by_text("Delete this file…").click()
    page.get_by_label("A date").check()
    page.get_by_role("button", name="Make the link").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    page.get_by_text("Delete this file…").click()
    owner.look("a file, with a form that was refused")
    owner.open(started_upload(alice, 100_000_000).file.get_absolute_url())


def test_a_direct_url(owner: Looker, alice: User) -> None:
    page, file = owner.page, recorded_file(alice, name="tax return 2025.pdf", size=812_345)
    page.goto(file.get_absolute_url())
    page.get_by_text("Make a direct URL…").click()
    page.get_by_label("In seconds").check()
    owner.look("a direct URL's form")
    page.get_by_label("Seconds", exact=True).fill("604801")
    page.get_by_role("button", name="Make the direct URL").click()
    expect(page.locator(".direct-urls .errorlist")).to_be_visible()
    owner.look("a direct URL for too long")
    page.get_by_label("1 week").check()
    page.get_by_role("button", name="Make the direct URL").click()
    expect(page.get_by_label("The direct URL, shown this once")).to_be_visible()
    file.hand_out(seconds=60)
    owner.look("a direct URL that was made")
    page.goto(file.get_absolute_url())
    page.get_by_role("button", name="Revoke all 2").click()
    expect(page.get_by_text("Earlier URLs are being revoked")).to_be_visible()
    owner.look("direct URLs that are being revoked")


def test_the_trash(owner: Looker, alice: User) -> None:
    page, file = owner.page, recorded_file(alice, name="tax return 2025.pdf", size=812_345)
    owner.open("/trash/")
    link_to(file)
    page.goto(file.get_absolute_url())
    page.get_by_text("Delete this file…").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    owner.look("the dashboard after deleting")
    for number in range(26):
        recorded_file(alice, name=f"{number} of many.txt", path="holidays/2025").delete_by(alice)
    recorded_file(alice, name=LONG, path=LONG[:100], size=99_000_000_000).delete_by(alice)
    owner.open("/trash/")
    page.get_by_text("Delete now…").first.click()
    page.get_by_text("Empty the trash…").click()
    owner.look("the trash, with all that can be done")
    page.get_by_role("button", name="Empty it").click()
    expect(page.get_by_text("The trash is empty: 28 files")).to_be_visible()
    owner.look("the trash, emptied")


def test_an_upload(owner: Looker, alice: User) -> None:
    plain = Upload.objects.start_plain(owner=alice, name=LONG)
    owner.open(plain.file.get_absolute_url())
    owner.open(plain.get_absolute_url())
    owner.open(f"{plain.get_absolute_url()}?etag=x")
    owner.open(started_upload(alice, 100_000_000).get_absolute_url())
    plain.cancel(by=alice)
    owner.open(plain.get_absolute_url())


def test_a_link_of_ones_own(owner: Looker, alice: User, bob: User) -> None:
    links = links_in_every_state(alice, bob)
    del links[Link.State.SUSPENDED]
    for link in [*links.values(), link_to(recorded_file(alice, name=LONG))]:
        owner.open(link.get_absolute_url())
    owner.page.get_by_text("Revoke this link…").click()
    for summary in owner.page.locator(".rules summary").all():
        summary.click()
    owner.page.get_by_label("A date").check()
    owner.page.get_by_label("A number").check()
    owner.look("a link, with all that can be done")
    owner.page.get_by_label("Password").fill("abc")
    owner.page.get_by_role("button", name="Set the password").click()
    expect(owner.page.locator(".errorlist").first).to_be_visible()
    owner.look("a link, with a password that was refused")


def test_a_link_that_was_changed(owner: Looker, alice: User) -> None:
    link = link_to(recorded_file(alice, name=LONG, path=LONG[:100]), name=LONG, password="sesame")
    more = recorded_file(alice, name="more.txt")
    link.add_files([more], by=alice)
    link.remove_file(more, by=alice)
    link.limit_downloads(3, by=alice)
    link.protect("sesame", by=alice)
    link.call("plans", by=alice)
    link.note_refusal("password")
    owner.open(link.get_absolute_url())


def test_files_are_picked(owner: Looker, alice: User) -> None:
    page = owner.page
    for number in range(26):
        recorded_file(alice, name=f"{number} of many.txt", path="holidays/2025", size=1_000 + number)
    recorded_file(alice, name=LONG, path=LONG[:100])
    page.goto("/")
    page.get_by_label("All on this page").check()
    page.get_by_label("Pick 20 of many.txt").uncheck()
    owner.look("the dashboard, with files picked")
    page.get_by_role("button", name="Make a link (24)").click()
    page.get_by_text("Limit, password, name in the address").click()
    owner.look("a new link to many files")
    page.get_by_label("A date").check()
    page.get_by_role("button", name="Make the link").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    owner.look("a new link that was refused")
    owner.open(f"/links/new/?folder=holidays&folder={LONG[:100]}")
    link = link_to(recorded_file(alice))
    address = reverse("link_files", args=[link.public_id])
    for query in ("", "?q=nothing+like+it"):
        owner.open(f"{address}{query}")
    for file in File.objects.all():
        link.add_files([file], by=alice)
    owner.open(address)


def test_sending_by_mail(owner: Looker, alice: User) -> None:
    page, link = owner.page, link_to(recorded_file(alice), message="As promised.", download_limit=3)
    recipients = recipients_in_every_state(link_to(recorded_file(alice)))
    assert set(recipients) == set(Recipient.State)
    owner.open(recipients[Recipient.State.SENT].link.get_absolute_url())
    owner.open(link.get_absolute_url())
    page.get_by_label("To", exact=True).fill("ann@example.com, b<ob\nnobody@")
    page.get_by_text("Earlier recipients").first.click()
    page.get_by_label("Dora Fetches").check()
    page.get_by_role("button", name="Send by mail").click()
    expect(page.locator("#recipients .errorlist")).to_contain_text("“nobody@”")
    owner.look("a link, with addresses that were refused")
    page.get_by_label("To", exact=True).fill("Ann Smith <ann@example.com>")
    page.get_by_role("button", name="Send by mail").click()
    expect(page.locator("#recipients tbody tr")).to_have_count(2)
    owner.look("a link that is mailed")


def test_asking_for_more_time(looker: Looker, alice: User) -> None:
    cache.clear()
    link = link_to(recorded_file(alice))
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    looker.open(path_of(link), status=410)
    looker.page.get_by_label("Your name").fill("Dora")
    looker.page.get_by_label("A word to the sender").fill("I was ill.")
    looker.page.get_by_role("button", name="Ask for more time").click()
    expect(looker.page.get_by_text("was asked for more time")).to_be_visible()
    looker.look("more time was asked for")
    assert TimeRequest.objects.get().words == "I was ill."


def test_a_recipient_s_own_page(looker: Looker, alice: User) -> None:
    recipient = Recipient.objects.create(link=link_to(recorded_file(alice)), email="ann@example.com")
    looker.open(reverse("landing", args=[recipient.token]))


def test_the_landing_page(looker: Looker, alice: User, bob: User) -> None:
    cache.clear()
    links = links_in_every_state(alice, bob)
    assert set(links) == set(Link.State)
    for state, link in links.items():
        is_there = state in {Link.State.OPEN, Link.State.ARRIVING}
        looker.open(path_of(link), status=200 if is_there else 410)
    looker.open("/s/unknown/", status=404)
    looker.open(
        path_of(link_to(recorded_file(alice, name=LONG), title=LONG[:200], message=LONG, download_limit=3))
    )
    looker.page.get_by_text("Fetch from a terminal").click()
    looker.look("a landing page with its command")
    locked = link_to(recorded_file(alice), password="open sesame")
    looker.open(path_of(locked), status=403)
    looker.page.get_by_label("Password", exact=True).fill("wrong")
    looker.page.get_by_role("button", name="Open the link").click()
    expect(looker.page.locator(".errorlist")).to_be_visible()
    looker.look("a locked link, after a wrong password")
    for _ in range(10):
        Client().post(path_of(locked), {"password": "wrong"})
    looker.page.get_by_label("Password", exact=True).fill("wrong")
    looker.page.get_by_role("button", name="Open the link").click()
    expect(looker.page.get_by_role("heading", name="Too many tries")).to_be_visible()
    looker.look("a locked link, after too many")
    mixed = link_to(recorded_file(alice), started_upload(alice, 100_000_000).file)
    looker.open(path_of(mixed))


def test_asking_for_files(owner: Looker, alice: User) -> None:
    cache.clear()
    owner.open("/requests/")
    request = FileRequest.objects.make(owner=alice, title=LONG[:200], message=LONG)
    owner.open("/requests/")
    owner.page.get_by_text("Limits").click()
    owner.look("a new request with its limits")
    owner.open(request.get_absolute_url())
    owner.open(request.path)
    owner.page.get_by_label("Your name").fill("Gwen")
    owner.page.get_by_role("button", name="Go on to the files").click()
    expect(owner.page.get_by_role("heading", name="What you sent")).to_be_visible()
    owner.look("a guest with nothing sent")
    request.close(by=alice)
    owner.open(request.path)
    owner.open(request.get_absolute_url())


def test_a_link_that_asks_for_a_code(looker: Looker, alice: User) -> None:
    cache.clear()
    link = link_to(recorded_file(alice))
    link.ask_for_code(True, by=alice)
    looker.open(path_of(link), status=403)
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com", "Ann")], by=alice)
    looker.open(link.path_by(ann.token), status=403)
    looker.page.get_by_role("button", name="Mail me a code").click()
    looker.page.get_by_label("Code of six digits").fill("wrong")
    looker.look("a link whose code is on its way")
    looker.page.get_by_role("button", name="Open the link").click()
    expect(looker.page.locator(".errorlist")).to_be_visible()
    looker.look("a link after a wrong code")


@pytest.mark.parametrize("status", ["400", "403", "403-csrf", "404", "429", "500"])
def test_what_says_that_something_is_wrong(looker: Looker, settings: LazySettings, status: str) -> None:
    settings.ROOT_URLCONF = "tests.e2e.accessibility.breaking"
    looker.open("/nothing/here/" if status == "404" else f"/breaking/{status}/", status=int(status[:3]))
