"""Every page about accounts, in each of its states."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import LazySettings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from playwright.sync_api import Page

from sharing.accounts import setup
from sharing.accounts.models import Invitation, User
from tests.accounts.conftest import with_password
from tests.accounts.links_in_mail import path_in
from tests.e2e.accessibility.looking import Looker
from tests.e2e.conftest import sign_in
from tests.people import PASSWORD


@pytest.fixture
def ann(alice: User) -> User:
    return with_password(alice)


def submit(page: Page, button: str, **fields: str) -> None:
    """Fill in the one form whose fields have these names, and send it."""
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def confirmation_of(address: EmailAddress) -> str:
    return reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])


def test_setting_up(looker: Looker) -> None:
    looker.open(reverse("setup", args=[setup.setup_token()]))
    submit(looker.page, "Open the account", email="first@example.com", password="short")
    looker.look("a first account that was refused")


def test_signing_in(looker: Looker, ann: User) -> None:
    page = looker.page
    looker.open("/accounts/login/")
    submit(page, "Sign in", login=ann.email, password="wrong")
    looker.look("a wrong password")
    looker.open("/accounts/inactive/")
    submit_at(page, "/accounts/login/", "Sign in", login=ann.email, password=PASSWORD)
    looker.open("/accounts/logout/")
    submit(page, "Sign out")
    looker.look("signed out")


def submit_at(page: Page, path: str, button: str, **fields: str) -> None:
    page.goto(path)
    submit(page, button, **fields)


def test_signing_up(looker: Looker, settings: LazySettings, ann: User) -> None:
    for mode in ("closed", "invite"):
        settings.SIGNUP = mode
        looker.open("/accounts/signup/", status=403)
    settings.SIGNUP = "open"
    looker.open("/accounts/login/")
    looker.open("/accounts/signup/")
    submit(looker.page, "Sign up", email="new@example.com", password1="short", password2="other")
    looker.look("a sign-up that was refused")
    looker.open("/accounts/confirm-email/")
    new = EmailAddress.objects.create(user=ann, email="new@example.com")
    looker.open(confirmation_of(new))
    looker.open("/accounts/confirm-email/wrong/")


def test_choosing_a_new_password(
    looker: Looker, settings: LazySettings, ann: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    page = looker.page
    looker.open("/accounts/password/reset/")
    submit(page, "Send me the link", email=ann.email)
    looker.look("the mail is sent")
    path = path_in(mailoutbox[0], settings.SITE_URL)
    looker.open(path)
    submit(page, "Save the new password", password1="short", password2="other")
    looker.look("a new password that was refused")
    submit(page, "Save the new password", password1=PASSWORD * 2, password2=PASSWORD * 2)
    looker.look("the new password is saved")
    looker.open(path)


def test_accepting_an_invitation(looker: Looker, settings: LazySettings, site: str, carol: User) -> None:
    settings.SIGNUP = "invite"
    invitation = Invitation.objects.invite("dora@example.com", by=carol)
    path = invitation.url.removeprefix(settings.SITE_URL)
    looker.open(path)
    sign_in(looker.page.context, carol, site)
    looker.open(path)
    looker.page.context.clear_cookies()
    invitation.accept(password=PASSWORD)
    looker.open(path, status=410)


def test_ones_own_account(looker: Looker, site: str, ann: User, bob: User) -> None:
    page = looker.page
    sign_in(page.context, ann, site)
    for path in ("profile/", "email/", "password/change/", "sessions/"):
        looker.open(f"/accounts/{path}")
    submit_at(page, "/accounts/email/", "Change address", email="new@example.com")
    looker.look("asked for the password once more")
    submit(page, "Go on", password=PASSWORD)
    looker.look("the address is to be confirmed")
    submit_at(
        page, "/accounts/password/change/", "Change password", oldpassword="x", password1="y", password2="z"
    )
    looker.look("a change that was refused")
    submit_at(page, "/accounts/profile/", "Save", name="A" * 100)
    looker.look("a long name is saved")
    sign_in(page.context, ann, site)
    looker.open("/accounts/sessions/")
    sign_in(page.context, bob, site)
    looker.open("/accounts/password/set/")
