"""Pages for people who zoom, space their text, sit in the dark, or cannot bear motion."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from sharing.accounts.models import User
from sharing.links.models import Link
from tests.e2e.accessibility.page_checker import WIDER_THAN_THE_WINDOW
from tests.e2e.accessibility.states import LONG
from tests.factories import link_to, recorded_file, started_upload

# WCAG 2.2, 1.4.12: nothing may be lost when a reader sets this.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }"""
LUMINANCE = """([selector, property]) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = getComputedStyle(document.querySelector(selector))[property];
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return (red * 0.2126 + green * 0.7152 + blue * 0.0722) / 255;
}"""

# Boxes that cut off what is larger than they are, and leave their lines too little height for what hangs below them.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((element) => {
  const { overflowY, lineHeight, fontSize, clipPath } = getComputedStyle(element);
  const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const cuts = overflowY === "hidden" && clipPath === "none";
  const isLine = element.matches("h1, h2, h3, .name, bdi, span, p") || hasText;
  return cuts && isLine && parseFloat(lineHeight) < 1.25 * parseFloat(fontSize);
}).map((element) => element.outerHTML.slice(0, 80))"""


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A stranger's page. Style sheets of the reader's own are no part of the policy."""
    context = browser.new_context(base_url=site, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def link(alice: User) -> Link:
    return link_to(recorded_file(alice, name=LONG), title="Tax papers", message="All of it.")


def path_of(link: Link) -> str:
    return reverse("landing", args=[link.token])


def test_zoomed_and_spaced_text_stays_in_the_window(page: Page, link: Link) -> None:
    page.set_viewport_size({"width": 640, "height": 400})  # 1,280 pixels at 200 %
    page.goto(path_of(link))
    page.add_style_tag(content=SPACED)
    assert page.evaluate(WIDER_THAN_THE_WINDOW) == []
    page.set_viewport_size({"width": 320, "height": 400})
    assert page.evaluate(WIDER_THAN_THE_WINDOW) == []


def test_the_code_stays_dark_on_light_in_the_dark(page: Page, link: Link) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(path_of(link))
    assert page.evaluate(LUMINANCE, ["body", "backgroundColor"]) < 0.1
    assert page.evaluate(LUMINANCE, [".qr", "backgroundColor"]) > 0.9
    assert page.evaluate(LUMINANCE, [".qr path:last-child", "stroke"]) < 0.1


def test_a_phone_gets_a_wide_button_and_no_code(page: Page, link: Link) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(path_of(link))
    expect(page.locator(".qr")).to_be_hidden()
    button = page.get_by_role("button", name="Download").bounding_box()
    assert button
    assert button["width"] > 280
    assert button["height"] >= 44


def test_the_download_is_in_sight_without_scrolling(page: Page, alice: User) -> None:
    link = link_to(recorded_file(alice, name="tax return 2025.pdf"), title="Tax papers", message="All of it.")
    for width, height in ((1280, 720), (360, 800), (360, 560)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path_of(link))
        expect(page.get_by_role("button", name="Download")).to_be_in_viewport(ratio=1)


def test_all_can_be_downloaded_without_scrolling_through_a_long_list(page: Page, alice: User) -> None:
    link = link_to(*(recorded_file(alice, name=f"{number}.txt") for number in range(30)))
    for width, height in ((1280, 720), (360, 800)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path_of(link))
        expect(page.get_by_role("button", name="Download all")).to_be_in_viewport(ratio=1)


def test_nothing_moves_for_those_who_asked_for_stillness(page: Page, alice: User) -> None:
    link = link_to(started_upload(alice, 100_000_000).file)
    running = "document.getAnimations().filter((animation) => animation.playState === 'running').length"
    page.goto(path_of(link))
    assert page.evaluate(running) == 1
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(f"{running} === 0")


@pytest.mark.parametrize("size", [(1280, 720), (360, 800)])
def test_nothing_cuts_off_what_hangs_below_the_line(page: Page, alice: User, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(path_of(link_to(recorded_file(alice, name="gjpqy.txt"))))
    assert page.locator("h1.named").count() == 1
    page.evaluate("document.querySelector('dialog')?.showModal()")
    assert page.evaluate(CUT_OFF) == []


def test_the_code_is_seen_in_forced_colours(page: Page, link: Link) -> None:
    page.emulate_media(forced_colors="active", color_scheme="dark")
    page.goto(path_of(link))
    assert page.evaluate(LUMINANCE, [".qr", "backgroundColor"]) > 0.9
    assert page.evaluate(LUMINANCE, [".qr path:last-child", "stroke"]) < 0.1
    assert page.evaluate(LUMINANCE, ["body", "backgroundColor"]) < 0.1


def test_the_bars_are_lines_of_whole_pixels(page: Page, link: Link) -> None:
    """A gradient with as many steps is drawn coarsely by Firefox."""
    page.goto(path_of(link))
    bars = page.locator(".barcode path")
    widths = [int(width) for width in str(bars.get_attribute("stroke-dasharray")).split()]
    assert (len(widths) % 2, page.locator(".barcode").evaluate("(bars) => bars.localName")) == (0, "svg")
    assert (
        page.locator(".barcode").evaluate("(bars) => getComputedStyle(bars).shapeRendering") == "crispedges"
    )


def test_no_decoration_is_a_gradient_of_many_steps() -> None:
    """Some browsers draw those from a table with too few places."""
    sheets = (settings.BASE_DIR / "static" / "css").rglob("*.css")
    assert [sheet.name for sheet in sheets if "repeating-" in sheet.read_text()] == []
