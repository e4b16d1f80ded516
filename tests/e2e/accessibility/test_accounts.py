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
from tests.e2e.accessibility.page_checker import PageChecker
from tests.e2e.conftest import sign_in
from tests.people import PASSWORD

pytestmark = pytest.mark.slow


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


def test_setting_up(checker: PageChecker) -> None:
    checker.open(reverse("setup", args=[setup.setup_token()]))
    submit(checker.page, "Create account", email="first@example.com", password="short")
    checker.check("a first account that was refused")


def test_signing_in(checker: PageChecker, ann: User) -> None:
    page = checker.page
    checker.open("/accounts/login/")
    submit(page, "Sign in", login=ann.email, password="wrong")
    checker.check("a wrong password")
    checker.open("/accounts/inactive/")
    submit_at(page, "/accounts/login/", "Sign in", login=ann.email, password=PASSWORD)
    checker.open("/accounts/logout/")
    submit(page, "Sign out")
    checker.check("signed out")


def submit_at(page: Page, path: str, button: str, **fields: str) -> None:
    page.goto(path)
    submit(page, button, **fields)


def test_signing_up(checker: PageChecker, settings: LazySettings, ann: User) -> None:
    for mode in ("closed", "invite"):
        settings.SIGNUP = mode
        checker.open("/accounts/signup/", status=403)
    settings.SIGNUP = "open"
    checker.open("/accounts/login/")
    checker.open("/accounts/signup/")
    submit(checker.page, "Sign up", email="new@example.com", password1="short", password2="other")
    checker.check("a sign-up that was refused")
    checker.open("/accounts/confirm-email/")
    new = EmailAddress.objects.create(user=ann, email="new@example.com")
    checker.open(confirmation_of(new))
    checker.open("/accounts/confirm-email/wrong/")


def test_choosing_a_new_password(
    checker: PageChecker, settings: LazySettings, ann: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    page = checker.page
    checker.open("/accounts/password/reset/")
    submit(page, "Email me a link", email=ann.email)
    checker.check("the mail is sent")
    path = path_in(mailoutbox[0], settings.SITE_URL)
    checker.open(path)
    submit(page, "Save password", password1="short", password2="other")
    checker.check("a new password that was refused")
    submit(page, "Save password", password1=PASSWORD * 2, password2=PASSWORD * 2)
    checker.check("the new password is saved")
    checker.open(path)


def test_accepting_an_invitation(
    checker: PageChecker, settings: LazySettings, site: str, carol: User
) -> None:
    settings.SIGNUP = "invite"
    invitation = Invitation.objects.invite("dora@example.com", by=carol)
    path = invitation.url.removeprefix(settings.SITE_URL)
    checker.open(path)
    sign_in(checker.page.context, carol, site)
    checker.open(path)
    checker.page.context.clear_cookies()
    invitation.accept(password=PASSWORD)
    checker.open(path, status=410)


def test_ones_own_account(checker: PageChecker, site: str, ann: User, bob: User) -> None:
    page = checker.page
    sign_in(page.context, ann, site)
    for path in ("profile/", "email/", "password/change/", "sessions/"):
        checker.open(f"/accounts/{path}")
    submit_at(page, "/accounts/email/", "Change address", email="new@example.com")
    checker.check("asked for the password once more")
    submit(page, "Continue", password=PASSWORD)
    checker.check("the address is to be confirmed")
    submit_at(
        page, "/accounts/password/change/", "Change password", oldpassword="x", password1="y", password2="z"
    )
    checker.check("a change that was refused")
    submit_at(page, "/accounts/profile/", "Save", name="A" * 100)
    checker.check("a long name is saved")
    sign_in(page.context, ann, site)
    checker.open("/accounts/sessions/")
    sign_in(page.context, bob, site)
    checker.open("/accounts/password/set/")
