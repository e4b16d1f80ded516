"""Signing in and out."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from sharing.accounts.known_browser import ACCOUNTS_KEPT, known_browser, remember_browser
from sharing.accounts.models import User
from tests.accounts.conftest import with_password
from tests.accounts.links_in_mail import path_in
from tests.people import PASSWORD

LOGIN = "/accounts/login/"
ARGON2 = ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def sign_in(client: Client, email: str, password: str = PASSWORD, **fields: str):  # type: ignore[no-untyped-def]
    return client.post(LOGIN, {"login": email, "password": password, **fields})


def test_address_and_password_sign_in(ann: User, visitor: Client) -> None:
    assert sign_in(visitor, ann.email)["Location"] == reverse("dashboard")
    assert is_signed_in(visitor)


def test_the_case_of_the_address_does_not_matter(ann: User, visitor: Client) -> None:
    sign_in(visitor, "Alice@EXAMPLE.com")
    assert is_signed_in(visitor)


def test_createsuperuser_makes_an_account_that_signs_in_without_a_mail(
    db: None, visitor: Client, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[object]
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", "--email", "Root@Example.com", stdout=StringIO())
    assert sign_in(visitor, "root@example.com")["Location"] == reverse("dashboard")
    assert is_signed_in(visitor)
    assert mailoutbox == []


def test_an_account_made_in_the_admin_signs_in_after_confirming_its_address(
    db: None, visitor: Client, mailoutbox: list[EmailMultiAlternatives], settings: LazySettings
) -> None:
    User.objects.create_user("dave@example.com", PASSWORD)
    assert sign_in(visitor, "dave@example.com")["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(visitor)
    visitor.post(path_in(mailoutbox[0], settings.SITE_URL))
    assert is_signed_in(visitor)
    assert EmailAddress.objects.get().verified


def test_wrong_password_and_unknown_address_get_the_same_words(ann: User) -> None:
    wrong = sign_in(Client(), ann.email, "wrong")
    unknown = sign_in(Client(), "nobody@example.com", "wrong")
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "Wrong email or password" in wrong.content.decode()


def test_the_hasher_works_as_hard_for_an_unknown_address(
    ann: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: one run of Argon2 for an account, a suspended one, one without password, and none."""
    settings.PASSWORD_HASHERS = ARGON2
    ann.set_password(PASSWORD)
    ann.save()
    suspended = User.objects.create_verified("suspended@example.com", PASSWORD, is_active=False)
    passwordless = User.objects.create_verified("passwordless@example.com")
    runs = Counter[str]()
    for name in ("encode", "verify"):
        original = getattr(Argon2PasswordHasher, name)

        def counted(hasher: object, *args: object, original=original, **kwargs: object) -> object:  # type: ignore[no-untyped-def]
            runs[email] += 1
            return original(hasher, *args, **kwargs)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    for email in (ann.email, suspended.email, passwordless.email, "nobody@example.com"):
        sign_in(Client(), email, "wrong")
    assert set(runs.values()) == {1}
    assert len(runs) == 4


def test_the_sixth_wrong_password_is_refused_unread(ann: User) -> None:
    for _ in range(5):
        assert "Wrong email or password" in sign_in(Client(), ann.email, "wrong").content.decode()
    client = Client()
    assert "Too many attempts" in sign_in(client, ann.email).content.decode()
    assert not is_signed_in(client)


def test_another_host_header_gives_no_further_tries(ann: User, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    for _ in range(5):
        sign_in(Client(), ann.email, "wrong")
    answer = Client(SERVER_NAME="localhost").post(LOGIN, {"login": ann.email, "password": PASSWORD})
    assert "Too many attempts" in answer.content.decode()


def wrong_passwords(email: str, number: int, *, network: str) -> None:
    for _ in range(number):
        Client().post(LOGIN, {"login": email, "password": "wrong"}, REMOTE_ADDR=network)


def test_wrong_passwords_from_elsewhere_lock_nobody_out(ann: User, visitor: Client) -> None:
    wrong_passwords(ann.email, 6, network="198.51.100.7")
    visitor.post(LOGIN, {"login": ann.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    assert is_signed_in(visitor)


def test_nor_from_the_same_network_a_browser_that_was_signed_in_before(
    ann: User, ann_client: Client, visitor: Client
) -> None:
    ann_client.post("/accounts/logout/")
    wrong_passwords(ann.email, 6, network="127.0.0.1")
    sign_in(visitor, ann.email)
    assert not is_signed_in(visitor)
    sign_in(ann_client, ann.email)
    assert is_signed_in(ann_client)


def test_a_browser_that_was_signed_in_before_has_no_more_tries_than_others(
    ann: User, ann_client: Client
) -> None:
    ann_client.post("/accounts/logout/")
    for _ in range(5):
        sign_in(ann_client, ann.email, "wrong")
    assert "Too many attempts" in sign_in(ann_client, ann.email).content.decode()


def test_a_browser_is_known_to_the_accounts_that_signed_in_with_it_alone(
    ann: User, ann_client: Client, bob: User
) -> None:
    with_password(bob)
    ann_client.post("/accounts/logout/")
    wrong_passwords(bob.email, 5, network="127.0.0.1")
    sign_in(ann_client, bob.email)
    assert not is_signed_in(ann_client)


@pytest.mark.parametrize(("days", "is_known"), [(179, True), (181, False)])
def test_a_browser_is_known_for_180_days(time_machine: TimeMachineFixture, days: int, is_known: bool) -> None:
    """Also by a server that is shown a cookie which the browser kept longer than it was told."""
    request, response = HttpRequest(), HttpResponse()
    remember_browser(request, response, "ann@example.com")
    request.COOKIES = {name: morsel.value for name, morsel in response.cookies.items()}
    time_machine.move_to(timezone.now() + timedelta(days=days))
    assert (known_browser(request, "ann@example.com") is not None) is is_known


def test_of_many_accounts_of_a_browser_the_last_ones_are_known() -> None:
    request = HttpRequest()
    for number in range(ACCOUNTS_KEPT + 1):
        remember_browser(request, response := HttpResponse(), f"{number}@example.com")
        request.COOKIES = {name: morsel.value for name, morsel in response.cookies.items()}
    known = [number for number in range(ACCOUNTS_KEPT + 1) if known_browser(request, f"{number}@example.com")]
    assert known == list(range(1, ACCOUNTS_KEPT + 1))


def test_strangers_of_many_networks_have_a_total_together_and_the_owner_signs_in(
    ann: User, ann_client: Client, visitor: Client, settings: LazySettings
) -> None:
    assert settings.ACCOUNT_RATE_LIMITS == {"login_failed_total": "100/h/key"}
    settings.ACCOUNT_RATE_LIMITS = {"login_failed_total": "6/h/key"}
    ann_client.post("/accounts/logout/")
    for network in range(3):
        wrong_passwords(ann.email, 2, network=f"198.51.{network}.7")
    visitor.post(LOGIN, {"login": ann.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    assert not is_signed_in(visitor)
    sign_in(ann_client, ann.email)
    assert is_signed_in(ann_client)


def test_get_never_signs_in(ann: User, visitor: Client) -> None:
    visitor.get(LOGIN, {"login": ann.email, "password": PASSWORD})
    assert not is_signed_in(visitor)


def test_a_post_from_another_site_is_refused(ann: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, ann.email).status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(ann: User, visitor: Client, target: str) -> None:
    assert sign_in(visitor, ann.email, next=target)["Location"] == reverse("dashboard")


def test_next_leads_to_a_page_of_this_site(ann: User, visitor: Client) -> None:
    assert sign_in(visitor, ann.email, next="/accounts/email/")["Location"] == "/accounts/email/"


def test_the_session_is_a_new_one(ann: User, visitor: Client) -> None:
    visitor.get("/accounts/login/")
    session = visitor.session
    session["before"] = True
    session.save()
    before = session.session_key
    sign_in(visitor, ann.email)
    assert visitor.session.session_key != before


def test_the_cookie_is_kept_from_scripts_and_other_sites(
    ann: User, visitor: Client, settings: LazySettings
) -> None:
    cookie = sign_in(visitor, ann.email).cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_the_admin_has_no_way_in_around_the_limits(ann: User, visitor: Client) -> None:
    ann.is_staff = True
    ann.save()
    visitor.post("/admin/login/", {"username": ann.email, "password": PASSWORD})
    assert not is_signed_in(visitor)


def test_get_asks_before_signing_out(ann_client: Client) -> None:
    assert ann_client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(ann_client)


def test_post_signs_out(ann_client: Client) -> None:
    assert ann_client.post("/accounts/logout/")["Location"] == LOGIN
    assert not is_signed_in(ann_client)


@pytest.mark.parametrize(
    "name",
    [
        "dashboard",
        "profile",
        "account_email",
        "account_change_password",
        "usersessions_list",
        "account_reauthenticate",
    ],
)
def test_a_visitor_is_asked_to_sign_in(db: None, visitor: Client, name: str) -> None:
    assert visitor.get(reverse(name))["Location"] == f"{LOGIN}?next={reverse(name)}"


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/done/",
        "confirm-email/",
        "inactive/",
        "confirm-email/unknown/",
        "password/reset/key/1-unknown/",
    ],
)
def test_a_visitor_can_see_what_is_for_visitors(db: None, visitor: Client, path: str) -> None:
    assert visitor.get(f"/accounts/{path}").status_code == 200
