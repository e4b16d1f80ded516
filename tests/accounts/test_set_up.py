"""The one-time link with which the first account is made."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing import tokens
from sharing.accounts import setup
from sharing.accounts.errors import AlreadySetUp
from sharing.accounts.models import User
from sharing.audit.models import Event
from tests.people import PASSWORD
from tests.races import race, refused

FORM = {"email": "First@Example.com", "password": PASSWORD}


def setup_url() -> str:
    return reverse("setup", args=[setup.setup_token()])


def test_the_link_makes_the_first_account_and_signs_it_in(db: None, visitor: Client) -> None:
    assert visitor.get(setup_url()).status_code == 200
    answer = visitor.post(setup_url(), FORM)
    assert (answer.status_code, answer["Location"]) == (302, reverse("dashboard"))
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("first@example.com", True, True)
    assert visitor.session["_auth_user_id"] == str(user.pk)
    assert Event.objects.get().action == "user.created"


def test_its_password_and_address_sign_in_later_without_a_mail(
    db: None, visitor: Client, mailoutbox: list[object]
) -> None:
    visitor.post(setup_url(), FORM)
    answer = Client().post("/accounts/login/", {"login": "first@example.com", "password": PASSWORD})
    assert answer["Location"] == reverse("dashboard")
    assert mailoutbox == []


def test_looking_makes_nothing(db: None, visitor: Client) -> None:
    visitor.get(setup_url(), FORM)
    assert setup.is_needed()


@pytest.mark.parametrize("token", ["x", "0" * 34, tokens.ALPHABET])
def test_another_token_gets_404(db: None, visitor: Client, token: str) -> None:
    assert visitor.post(reverse("setup", args=[token]), FORM).status_code == 404
    assert setup.is_needed()


def test_a_token_for_another_purpose_gets_404(db: None, visitor: Client) -> None:
    token = tokens.mint("link", setup.setup_token()[: tokens.ID_LENGTH])
    assert visitor.get(reverse("setup", args=[token])).status_code == 404


def test_the_link_is_dead_once_somebody_has_an_account(alice: User, visitor: Client) -> None:
    assert not setup.is_needed()
    assert visitor.get(setup_url()).status_code == 404
    assert visitor.post(setup_url(), FORM).status_code == 404
    assert User.objects.count() == 1


def test_a_weak_password_is_refused(db: None, visitor: Client) -> None:
    for password in ("short", "password1234", "first@example.com"):
        answer = visitor.post(setup_url(), FORM | {"password": password})
        assert answer.status_code == 200
        assert answer.context["form"].errors["password"]
    assert setup.is_needed()


def test_a_post_without_a_csrf_token_is_refused(db: None) -> None:
    assert Client(enforce_csrf_checks=True).post(setup_url(), FORM).status_code == 403
    assert setup.is_needed()


def test_the_sign_in_page_says_nothing_of_it(db: None, visitor: Client) -> None:
    page = visitor.get("/accounts/login/").content.decode()
    assert "setup" not in page
    assert setup.setup_token() not in page


@pytest.mark.django_db(transaction=True)
def test_of_racing_requests_one_makes_an_account() -> None:
    def create(number: int) -> User:
        return setup.create_first_account(email=f"racer{number}@example.com", password=PASSWORD)

    assert refused(race(create, range(8)), AlreadySetUp) == 7
    assert User.objects.count() == 1
