"""The pictures and files of a page outlive the signatures that it began with."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from sharing.accounts.models import User
from sharing.links.models import Link
from tests.e2e.conftest import TIMEOUT_MS, NewContext
from tests.e2e.test_preview import PNG, claimed, wav
from tests.e2e.upload_page import until
from tests.factories import link_to, picture, sent_file

OWN_ADDRESS = re.compile("/preview/$")
# As if the page had been open for an hour when the player goes on.
AN_HOUR_LATER = (
    "() => { const now = performance.now.bind(performance); performance.now = () => now() + 3_600_000; }"
)


@pytest.fixture
def page(browser: Browser, site: str) -> Page:
    context = browser.new_context(base_url=site)
    context.set_default_timeout(TIMEOUT_MS)
    return context.new_page()


def playing(page: Page, link: Link) -> None:
    """The link's page with its sound in the player, which knows how long it is."""
    page.goto(link.path_by(link.token))
    page.locator("file-preview:defined").wait_for(state="attached")
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("dialog audio")).to_have_js_property("duration", 60)


def sound(alice: User) -> Link:
    return link_to(claimed(sent_file(alice, wav(60), name="silence.wav"), "audio/wav"))


def test_a_player_that_was_paused_for_an_hour_gets_a_new_address_and_goes_on_where_it_was(
    page: Page, alice: User
) -> None:
    playing(page, sound(alice))
    audio = page.locator("dialog audio")
    audio.evaluate("async (audio) => { audio.currentTime = 20; await audio.play(); audio.pause(); }")
    page.evaluate(AN_HOUR_LATER)
    with page.expect_request(OWN_ADDRESS):
        audio.evaluate("(audio) => { audio.play().catch(() => {}); }")
    expect(audio).to_have_js_property("paused", value=False)
    assert 20 <= audio.evaluate("(audio) => audio.currentTime") < 60


def test_one_that_fails_at_its_beginning_and_while_paused_is_asked_for_again(page: Page, alice: User) -> None:
    playing(page, sound(alice))
    audio = page.locator("dialog audio")
    with page.expect_request(OWN_ADDRESS):
        audio.dispatch_event("error")
    expect(audio).to_have_js_property("duration", 60)
    assert audio.evaluate("(audio) => audio.paused")


def test_a_player_whose_link_was_revoked_says_that_it_cannot_be_fetched(page: Page, alice: User) -> None:
    link = sound(alice)
    playing(page, link)
    link.revoke(by=alice)
    page.locator("dialog audio").dispatch_event("error")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("The preview couldn't be loaded")


def test_a_bucket_that_is_away_is_not_taken_for_a_file_that_cannot_be_shown(page: Page, alice: User) -> None:
    link = link_to(claimed(sent_file(alice, PNG, name="red.png"), "image/png"))
    page.goto(link.path_by(link.token))
    page.locator("file-preview:defined").wait_for(state="attached")
    page.route(OWN_ADDRESS, lambda route: route.fulfill(status=503, body="The storage is not answering"))
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("The preview couldn't be loaded")


def refusing_once(context: BrowserContext) -> list[str]:
    """The first signed URL of each thumbnail is answered as one whose signature has ended."""
    refused: list[str] = []

    def meet(route: Route) -> None:
        if refused:
            return route.continue_()
        refused.append(route.request.url)
        return route.fulfill(status=403, body="<Error><Code>AccessDenied</Code></Error>")

    context.route("**/*X-Amz-Signature*", meet)
    return refused


def test_a_thumbnail_on_a_page_left_open_is_signed_anew(page: Page, alice: User) -> None:
    link = link_to(picture(alice, thumbnail=PNG))
    refused = refusing_once(page.context)
    with page.expect_request(re.compile("/thumbnail/$")):
        page.goto(link.path_by(link.token))
    expect(page.locator(".thumb img")).to_have_js_property("naturalWidth", 3)
    assert len(refused) == 1
    assert Link.objects.get().view_count == 1


def test_an_owner_s_thumbnail_is_signed_anew(new_alice_context: NewContext, alice: User) -> None:
    picture(alice, thumbnail=PNG)
    context = new_alice_context()
    refusing_once(context)
    page = context.new_page()
    with page.expect_request(re.compile("/thumbnail/$")):
        page.goto("/")
    expect(page.locator(".thumb img")).to_have_js_property("naturalWidth", 3)


def test_download_all_goes_on_when_its_link_expires_meanwhile(page: Page, alice: User) -> None:
    files = [sent_file(alice, name=f"{number}.txt") for number in range(3)]
    link = link_to(*files)
    page.goto(link.path_by(link.token))

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/collection/urls/", hold)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download all").click()
        until(page, lambda: bool(held))
        Link.objects.update(expires_at=timezone.now())
        held[0].continue_()
    assert started.value.failure() is None
    expect(page.get_by_text("All 3 files are in the archive")).to_be_visible()


def test_download_all_says_that_the_storage_is_away_and_spends_nothing(page: Page, alice: User) -> None:
    link = link_to(*(sent_file(alice, name=name) for name in "ab"), download_limit=1)
    page.goto(link.path_by(link.token))
    page.route("**/collection/", lambda route: route.fulfill(status=503, body="away"))
    page.get_by_role("button", name="Download all").click()
    expect(page.get_by_text("The storage is not answering right now")).to_be_visible()
    expect(page.get_by_role("button", name="Download all")).to_be_enabled()
