"""A waybill on paper: what is in it, its address and its QR code, and nothing to press."""

from playwright.sync_api import Page, expect

from sharing.accounts.models import User
from tests.factories import link_to, sent_file


def test_a_waybill_is_printed_with_its_address_and_without_buttons(page: Page, alice: User) -> None:
    link = link_to(sent_file(alice, name="plan.pdf"), title="The plan")
    page.set_viewport_size({"width": 718, "height": 1000})
    page.goto(link.path_by(link.token))
    address = page.locator(".printed")
    expect(address).to_be_hidden()
    page.emulate_media(media="print", color_scheme="dark")
    expect(address).to_contain_text(link.token)
    expect(page.locator(".qr")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_text("plan.pdf").first).to_be_visible()
    paper = page.locator(".waybill > .sheet").evaluate("(sheet) => getComputedStyle(sheet).backgroundColor")
    assert paper == "rgb(254, 253, 250)"
