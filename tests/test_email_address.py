"""E-mail addresses as people type and paste them: at every place where one is asked for."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from sharing.accounts.forms import AddEmailForm, LoginForm, ResetPasswordForm, SetUpForm, SignupForm
from sharing.accounts.models import Invitation, User
from sharing.mail.address import EmailField, tidied
from sharing.mail.address_list import read_addresses
from sharing.requests.forms import GuestForm
from sharing.requests.models import Guest
from tests.requests.factories import request_of

ANN = "ann@example.com"
PASTED = [
    "ann@example.com.",
    "ann@example.com,",
    "ann@example.com;",
    "ann@example.com!",
    "ann@example.com\N{HORIZONTAL ELLIPSIS}",
    " ann@example.com\N{NO-BREAK SPACE}\n",
    *(
        "[ann@example.com]",
        "ann@example.com]",
        "*ann@example.com*",
        "ann@example.com/",
        "ann@example.com\\",
        "|ann@example.com|",
    ),
    *(
        "ann@example.com、",
        "ann@example.com،",
        "「ann@example.com」",
        "ann@example.com—",
        "mailto:ann%40example.com",
    ),
    "<ann@example.com>",
    "(ann@example.com)",
    "\N{LEFT DOUBLE QUOTATION MARK}ann@example.com\N{RIGHT DOUBLE QUOTATION MARK}",
    "Ann <ann@example.com>",
    "Ann <ann@example.com>.",
    "mailto:ann@example.com",
    "MAILTO:ann@example.com?subject=Files",
    "<mailto:ann@example.com>",
    "ann\N{FULLWIDTH COMMERCIAL AT}example.com",
    "ann@example\N{IDEOGRAPHIC FULL STOP}com",
    "\uff41nn@example.com",
]
UNSEEN = [
    *"\u00ad\u034f\u061c\u115f\u17b4\u180e\u200b\u200c\u200d\u200e\u202e\u2060\u2066\u3164\ufe0f\ufeff\uffa0",
    "\U000e0041",
    "\x00",
    "\x7f",
]


@pytest.mark.parametrize("typed", PASTED)
def test_what_is_pasted_around_an_address_is_left_out(typed: str) -> None:
    assert EmailField().clean(typed) == ANN
    assert [person.email for person in read_addresses(typed).people] == [ANN]


@pytest.mark.parametrize("hidden", UNSEEN, ids=ascii)
def test_nobody_keeps_an_address_in_which_something_hides(hidden: str) -> None:
    for typed in (f"a{hidden}nn@example.com", f"ann@exa{hidden}mple.com", f"{hidden}{ANN}{hidden}"):
        assert EmailField().clean(typed) == ANN
        assert [person.email for person in read_addresses(typed).people] == [ANN]


@pytest.mark.parametrize(
    "wrong",
    [
        *("ann", "ann@", "@example.com", "a nn@example.com", "ann@exa mple.com", "ann@example..com"),
        *("\N{LATIN SMALL LETTER A WITH DIAERESIS}nn@example.com", f"{'a' * 250}@x.org", "a@b@example.com"),
        *("ann@exam、ple.com", "ann@example.com→bob", "ann@exa€mple.com", "ann@example.com”“x.org"),
        *("ann@example.com bob@example.com", "ann@example.com, bob@example.com"),
    ],
)
def test_what_is_no_address_stays_one(wrong: str) -> None:
    with pytest.raises(ValidationError):
        EmailField().clean(wrong)


def test_a_web_address_with_a_name_in_it_gets_no_slashes_into_the_name() -> None:
    assert [person.email for person in read_addresses("http://ann@example.com").people] == [ANN]


def test_an_address_of_any_host_is_kept_as_it_is() -> None:
    for email in ("ann+files@example.com", "o'neil@b\u00fccher.example", "_@x.org", '"ann"@example.com'):
        assert EmailField().clean(email) == tidied(email) == email


@pytest.mark.django_db
def test_every_form_that_asks_for_one_tidies_it(alice: User) -> None:
    asked = GuestForm(request_of(alice), None)
    forms: list[Any] = [
        SetUpForm(),
        SignupForm(),
        LoginForm(),
        AddEmailForm(user=alice),
        ResetPasswordForm(),
        asked,
    ]
    for form in forms:
        fields = [form.fields[name] for name in ("email", "login") if name in form.fields]
        assert [type(field) for field in fields] == [EmailField], form


@pytest.mark.django_db
def test_a_guest_and_an_invitation_are_tidied(
    alice: User, carol_client: Client, visitor: Client, settings: LazySettings
) -> None:
    settings.SIGNUP = "invite"
    asked = request_of(alice)
    visitor.post(asked.path, {"name": "Ann", "email": "Ann <a\u00adnn@example.com>."})
    assert Guest.objects.get().email == ANN
    carol_client.post(reverse("admin:accounts_invitation_add"), {"email": "a\u200bnn@example.com."})
    assert Invitation.objects.get().email == ANN
    assert User.objects.create_user("b\u00adob@example.com.").email == "bob@example.com"
