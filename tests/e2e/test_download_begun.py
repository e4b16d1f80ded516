"""The page says that a download has begun, and what to do if it has not."""

from playwright.sync_api import Page, expect

from sharing.accounts.models import User
from sharing.links.models import Link
from tests.factories import link_to, sent_file

BEGUN = "Your download has begun."


def test_one_file(alice: User, page: Page) -> None:
    link = link_to(sent_file(alice, b"hello"))
    page.goto(f"/s/{link.token}/")
    expect(page.locator(".begun")).to_have_count(0)
    with page.expect_download():
        page.get_by_role("button", name="Download").click()
    expect(page.locator(".begun")).to_contain_text(BEGUN)
    expect(page.get_by_role("status").filter(has_text=BEGUN)).to_have_count(1)


def test_it_is_said_beside_the_file(alice: User, page: Page) -> None:
    link = link_to(*(sent_file(alice, b"hello", name=name) for name in ("a.txt", "b.txt")))
    page.goto(f"/s/{link.token}/")
    for name in ("a.txt", "b.txt"):
        with page.expect_download():
            page.get_by_role("button", name=f"Download {name}").click()
        expect(page.get_by_role("listitem").filter(has=page.locator(".begun"))).to_contain_text(name)


def test_a_refused_download_does_not_say_so(alice: User, page: Page) -> None:
    link = link_to(sent_file(alice, b"hello"))
    page.goto(f"/s/{link.token}/")
    Link.objects.get().revoke(by=alice)
    page.get_by_role("button", name="Download").click()
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    expect(page.locator(".begun")).to_have_count(0)
