"""The sign-in form: its first field has the focus, and a password can be shown while it is typed."""

from playwright.sync_api import Page, expect

from tests.people import PASSWORD


def test_the_first_field_has_the_focus_and_the_password_can_be_shown(page: Page, live_server: object) -> None:
    page.goto(f"{live_server}/accounts/login/")
    expect(page.get_by_label("Email address")).to_be_focused()
    password = page.get_by_label("Password", exact=True)
    password.fill(PASSWORD)
    show = page.get_by_role("button", name="Show password")
    show.click()
    expect(password).to_have_attribute("type", "text")
    expect(show).to_have_attribute("aria-pressed", "true")
    show.click()
    expect(password).to_have_attribute("type", "password")


def test_a_password_that_is_shown_is_sent_as_one(page: Page, live_server: object) -> None:
    page.goto(f"{live_server}/accounts/login/")
    page.get_by_label("Email address").fill("nobody@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Show password").click()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Wrong email or password.")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "password")
