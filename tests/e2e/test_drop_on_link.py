"""Files dropped on a link's page are added to that link."""

import re

from playwright.sync_api import Page, expect

from sharing.accounts.models import User
from tests.e2e.conftest import MakeFile
from tests.e2e.upload_page import choose, expect_state, row_of, until
from tests.factories import link_to, sent_file


def test_files_join_the_link_whose_page_this_is(alice_page: Page, alice: User, make_file: MakeFile) -> None:
    link = link_to(sent_file(alice, name="before.txt"))
    alice_page.goto(link.get_absolute_url())
    choose(alice_page, make_file("new.txt", b"new"), make_file("more.txt", b"more"))
    until(alice_page, lambda: link.files.ready().count() == 3)
    assert alice.links.count() == 1
    expect(alice_page.locator(".contents li")).to_have_count(3)
    expect(alice_page.get_by_role("button", name="Link options")).to_have_count(0)


def test_one_file_has_its_row_without_a_link_of_its_own(
    alice_page: Page, alice: User, make_file: MakeFile
) -> None:
    link = link_to(sent_file(alice, name="before.txt"))
    alice_page.goto(link.get_absolute_url())
    choose(alice_page, make_file("new.txt", b"new"))
    row = row_of(alice_page, "new.txt")
    expect_state(row, "ready")
    expect(row.get_by_role("button", name=re.compile("link", re.IGNORECASE))).to_have_count(0)
    until(alice_page, lambda: {*link.files.values_list("name", flat=True)} == {"before.txt", "new.txt"})


def test_a_revoked_link_takes_none(alice_page: Page, alice: User) -> None:
    link = link_to(sent_file(alice))
    link.revoke(by=alice)
    alice_page.goto(link.get_absolute_url())
    expect(alice_page.locator("file-drop")).to_have_count(0)
