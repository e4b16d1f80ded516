"""Many files on one link, with a password: picked, made, opened and fetched in a browser."""

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from sharing.accounts.models import User
from sharing.links.models import Link
from sharing.links.unlocking import KEY
from tests.e2e.conftest import NewContext
from tests.factories import link_to, recorded_file, sent_file, started_upload

PASSWORD = "open sesame"


@pytest.fixture
def stranger(page: Page, site: str, settings: LazySettings) -> Page:
    settings.SITE_URL = site
    return page


@pytest.mark.parametrize("with_script", [True, False], ids=["with script", "without"])
def test_files_are_picked_and_one_link_leads_to_them(
    new_alice_context: NewContext, alice: User, *, with_script: bool
) -> None:
    for number in range(3):
        recorded_file(alice, name=f"{number}.txt")
    page = new_alice_context(java_script_enabled=with_script).new_page()
    page.goto("/")
    page.get_by_label("Select 0.txt").check()
    page.get_by_label("Select 2.txt").check()
    page.get_by_role("button", name="Create link").click()
    page.get_by_text("Limit, password, link name, previews").click()
    page.get_by_label("Once").check()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Link name").fill("Both of them")
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_label("Share this link")).to_have_value(Link.objects.get().url)
    link = Link.objects.get()
    assert sorted(file.name for file in link.files.all()) == ["0.txt", "2.txt"]
    assert (link.download_limit, link.slug, bool(link.password)) == (1, "both-of-them", True)


def test_all_on_the_page_and_one_left_out(alice_page: Page, alice: User) -> None:
    for number in range(3):
        recorded_file(alice, name=f"{number}.txt")
    page = alice_page
    page.goto("/")
    page.locator("pick-all:defined").wait_for()
    page.get_by_label("Select all on this page").check()
    page.get_by_label("Select 1.txt").uncheck()
    page.get_by_role("button", name="Create link (2)").click()
    expect(page.locator(".picks li")).to_have_count(2)
    page.go_back()
    expect(page.get_by_label("Select 1.txt")).not_to_be_checked()
    page.get_by_label("Select 1.txt").check()
    expect(page.get_by_label("Select all on this page")).to_be_checked()


def test_a_stranger_types_the_password_once(stranger: Page, alice: User) -> None:
    first = sent_file(alice, b"first", name="1.txt")
    link = link_to(first, sent_file(alice, b"second", name="2.txt"), password=PASSWORD, name="two")
    stranger.goto(link.url)
    for typed in ("wrong one", PASSWORD):
        stranger.get_by_label("Password", exact=True).fill(typed)
        stranger.get_by_role("button", name="Open link").click()
    for name, body in (("1.txt", b"first"), ("2.txt", b"second")):
        with stranger.expect_download() as started:
            stranger.get_by_role("button", name=f"Download {name}").click()
        assert started.value.path().read_bytes() == body
    stranger.goto(link.url)
    expect(stranger.get_by_role("button", name="Download 1.txt")).to_be_visible()
    paths = {cookie["path"] for cookie in stranger.context.cookies() if cookie["name"] == KEY.name}
    assert paths == {link.path_by(link.token)}


def test_who_is_in_sees_how_far_a_file_has_come(stranger: Page, alice: User) -> None:
    """Without its cookie the page would be told that the link is locked, and load itself again and again."""
    link = link_to(started_upload(alice, 20_000_000).file, password=PASSWORD)
    stranger.goto(link.url)
    stranger.get_by_label("Password", exact=True).fill(PASSWORD)
    with stranger.expect_response("**/progress/") as answer:
        stranger.get_by_role("button", name="Open link").click()
    assert answer.value.status == 200


def test_an_owner_extends_from_the_dashboard(alice_page: Page, alice: User) -> None:
    link = link_to(recorded_file(alice))
    Link.objects.update(expires_at=link.created_at)
    page = alice_page
    page.goto("/?links-sort=opens")
    page.get_by_role("button", name="Extend: hello.txt").click()
    expect(page.locator("#links").get_by_text("Open", exact=True)).to_be_visible()
    assert page.url.endswith("/?links-sort=opens")


def test_files_are_added_and_taken_out(new_alice_context: NewContext, alice: User) -> None:
    link = link_to(recorded_file(alice, name="wrong.txt"))
    recorded_file(alice, name="right.txt")
    page = new_alice_context(java_script_enabled=False).new_page()
    page.goto(link.get_absolute_url())
    page.get_by_role("button", name="Remove wrong.txt").click()
    page.get_by_role("link", name="Add files").click()
    page.get_by_label("right.txt").check()
    page.get_by_role("button", name="Add to link").click()
    expect(page.locator(".contents li")).to_have_count(1)
    assert [file.name for file in link.files.all()] == ["right.txt"]
