"""Every page of a link of one's own, in each of its states."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Link, Recipient
from tests.e2e.accessibility.page_checker import PageChecker
from tests.e2e.accessibility.states import FULL_PAGE, LONG, links_in_every_state, recipients_in_every_state
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.slow


def test_a_link_of_ones_own(owner: PageChecker, alice: User, bob: User) -> None:
    links = links_in_every_state(alice, bob)
    del links[Link.State.SUSPENDED]
    for link in [*links.values(), link_to(recorded_file(alice, name=LONG))]:
        owner.open(link.get_absolute_url())
    many = link_to(*(recorded_file(alice, name=f"{number}.txt") for number in range(FULL_PAGE + 1)))
    owner.open(f"{many.get_absolute_url()}?contents-page=2")
    owner.open(f"{many.get_absolute_url()}?q=none")
    owner.open(link.get_absolute_url())
    owner.page.get_by_text("Revoke this link…").click()
    for summary in owner.page.locator(".rules summary").all():
        summary.click()
    owner.page.get_by_label("Choose a date").check()
    owner.page.get_by_label("Custom").check()
    owner.check("a link, with all that can be done")
    owner.page.get_by_label("Password").fill("abc")
    owner.page.get_by_role("button", name="Save", exact=True).click()
    expect(owner.page.locator(".errorlist").first).to_be_visible()
    owner.check("a link, with a password that was refused")


def test_a_link_that_was_changed(owner: PageChecker, alice: User) -> None:
    link = link_to(recorded_file(alice, name=LONG, path=LONG[:100]), name=LONG, password="sesame")
    more = recorded_file(alice, name="more.txt")
    link.add_files([more], by=alice)
    link.remove_file(more, by=alice)
    link.limit_downloads(3, by=alice)
    link.set_password("sesame", by=alice)
    link.set_slug("plans", by=alice)
    link.record_refusal("password")
    owner.open(link.get_absolute_url())


def test_files_are_picked(owner: PageChecker, alice: User) -> None:
    page = owner.page
    for number in range(FULL_PAGE + 1):
        recorded_file(alice, name=f"{number} of many.txt", path="holidays/2025", size=1_000 + number)
    recorded_file(alice, name=LONG, path=LONG[:100])
    page.goto("/")
    page.get_by_label("Select all on this page").check()
    page.get_by_label("Select 5 of many.txt").uncheck()
    owner.check("the dashboard, with files picked")
    page.get_by_role("button", name="Create link (9)").click()
    page.get_by_text("Limit, password, link name, previews").click()
    owner.check("a new link to many files")
    page.get_by_label("Choose a date").check()
    page.get_by_role("button", name="Create link").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    owner.check("a new link that was refused")
    owner.open(f"/links/new/?folder=holidays&folder={LONG[:100]}")
    link = link_to(recorded_file(alice))
    address = reverse("link_files", args=[link.public_id])
    for query in ("", "?q=nothing+like+it"):
        owner.open(f"{address}{query}")
    for file in File.objects.all():
        link.add_files([file], by=alice)
    owner.open(address)


def test_sending_by_mail(owner: PageChecker, alice: User) -> None:
    page, link = owner.page, link_to(recorded_file(alice), message="As promised.", download_limit=3)
    recipients = recipients_in_every_state(link_to(recorded_file(alice)))
    assert set(recipients) == set(Recipient.State)
    owner.open(recipients[Recipient.State.SENT].link.get_absolute_url())
    owner.open(link.get_absolute_url())
    page.get_by_label("To", exact=True).fill("ann@example.com, b<ob\nnobody@")
    page.get_by_text("Earlier recipients").first.click()
    page.get_by_label("Dora Fetches").check()
    page.get_by_role("button", name="Send email").click()
    expect(page.locator("#recipients .errorlist")).to_contain_text("“nobody@”")
    owner.check("a link, with addresses that were refused")
    page.get_by_label("To", exact=True).fill("Ann Smith <ann@example.com>")
    page.get_by_role("button", name="Send email").click()
    expect(page.locator("#recipients tbody tr")).to_have_count(2)
    owner.check("a link that is mailed")
