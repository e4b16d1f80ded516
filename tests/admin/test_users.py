"""Changes that operators make about a person, and those that only a superuser may make."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sharing.accounts.models import Invitation, User
from sharing.accounts.size_field import read_size, written_size
from sharing.audit.models import Event
from tests.admin.pages import act, list_of, page_of

ACTIVE = {"is_active": "on"}
NEW_PASSWORD = "entirely different words 7"


@pytest.fixture
def erin_client(db: None) -> Client:
    """Staff like Dave."""
    client = Client()
    client.force_login(User.objects.create_user("erin@example.com", is_staff=True))
    return client


def act_on(client: Client, user: User, action: str) -> str:
    """Choose an action on the page of a user; return the page that follows."""
    chosen = {"CHANGE_FORM-action": action, ACTION_CHECKBOX_NAME: str(user.pk)}
    return client.post(page_of(user), chosen, follow=True).content.decode()


def password_link(page: str) -> str:
    """Return the path of the link that the page shows."""
    path: str
    [path] = re.findall(r'value="http://[^/]+(/accounts/password/reset/key/[^"]+)"', page)
    return path


def choose_password(page: str) -> None:
    """Open the link that the page shows, and choose a password."""
    visitor = Client()
    form = visitor.get(password_link(page), follow=True)
    visitor.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def test_a_quota_is_changed_and_recorded(dave_client: Client, dave: User, alice: User) -> None:
    dave_client.post(page_of(alice), {"name": "Alice", "quota": "5000", **ACTIVE})
    alice.refresh_from_db()
    assert alice.quota == 5000
    event = Event.objects.get(action="user.changed")
    assert event.actor == dave
    assert event.details == {"fields": ["quota"]}


def test_counters_are_left_to_their_own_updates(dave_client: Client, alice: User) -> None:
    with CaptureQueriesContext(connection) as captured:
        dave_client.post(page_of(alice), {"name": "Alice", "quota": "5000", **ACTIVE})
    (update,) = [query["sql"] for query in captured if query["sql"].startswith('UPDATE "accounts_user"')]
    assert "used_bytes" not in update


def test_saving_without_a_change_records_nothing(dave_client: Client, alice: User) -> None:
    dave_client.post(page_of(alice), {"name": "Alice", "quota": "", **ACTIVE})
    assert not Event.objects.filter(action="user.changed").exists()


def test_clearing_active_suspends(dave_client: Client, dave: User, alice: User) -> None:
    dave_client.post(page_of(alice), {"name": "Alice", "quota": ""})
    alice.refresh_from_db()
    assert not alice.is_active
    assert Event.objects.get(action="user.suspended").actor == dave


def test_setting_active_restores(dave_client: Client, dave: User, alice: User) -> None:
    alice.suspend(by=dave)
    dave_client.post(page_of(alice), {"name": "Alice", "quota": "", **ACTIVE})
    alice.refresh_from_db()
    assert alice.is_active
    assert Event.objects.filter(action="user.restored").exists()


def test_a_superuser_appoints_staff(carol_client: Client, alice: User) -> None:
    carol_client.post(page_of(alice), {"name": "Alice", "quota": "", "is_staff": "on", **ACTIVE})
    alice.refresh_from_db()
    assert alice.is_staff
    assert Event.objects.get(action="user.changed").details == {"fields": ["is_staff"]}


def test_staff_appoints_nobody(dave_client: Client, dave: User, alice: User) -> None:
    for user in (dave, alice):
        before = user.is_staff
        dave_client.post(page_of(user), {"name": "X", "is_staff": "on", "is_superuser": "on", **ACTIVE})
        user.refresh_from_db()
        assert not user.is_superuser
        assert user.is_staff == before


def test_staff_does_not_change_a_superuser(dave_client: Client, carol: User) -> None:
    assert dave_client.get(page_of(carol)).status_code == 200
    assert dave_client.post(page_of(carol), {"name": "Mallory", "quota": ""}).status_code == 403
    carol.refresh_from_db()
    assert carol.name == "Carol"
    assert carol.is_active


def test_nobody_locks_themself_out(carol_client: Client, carol: User) -> None:
    carol_client.post(page_of(carol), {"name": "Caroline", "quota": ""})
    carol.refresh_from_db()
    assert carol.name == "Caroline"
    assert carol.is_active
    assert carol.is_staff
    assert carol.is_superuser


@override_settings(SIGNUP="invite")
def test_an_operator_invites(dave_client: Client, dave: User) -> None:
    dave_client.post(reverse("admin:accounts_invitation_add"), {"email": "erin@example.com"})
    invitation = Invitation.objects.get(email="erin@example.com")
    assert invitation.invited_by == dave
    assert Event.objects.get(action="user.invited").actor == dave


@override_settings(SIGNUP="invite")
def test_the_link_of_an_invitation_is_shown_to_those_alone_who_may_send_it(
    dave_client: Client, dave: User, carol_client: Client, erin_client: Client
) -> None:
    invitation = Invitation.objects.invite("frank@example.com", by=dave)
    page, listed = page_of(invitation), list_of("accounts_invitation")
    assert invitation.url in dave_client.get(page).content.decode()
    assert invitation.url in carol_client.get(page).content.decode()
    assert invitation.token not in erin_client.get(page).content.decode()
    assert invitation.token not in dave_client.get(listed).content.decode()
    Invitation.objects.update(expires_at=invitation.created_at)
    assert invitation.token not in dave_client.get(page).content.decode()


def test_an_operator_adds_a_user_who_then_chooses_a_password(dave_client: Client, dave: User) -> None:
    add = reverse("admin:accounts_user_add")
    page = dave_client.post(add, {"email": " Erin@Example.com", "name": "Erin"}).content.decode()
    erin = User.objects.get(email="erin@example.com")
    assert (erin.is_staff, erin.name, erin.has_usable_password()) == (False, "Erin", False)
    assert Event.objects.get(action="user.added").actor == dave
    choose_password(page)
    answer = Client().post("/accounts/login/", {"login": erin.email, "password": NEW_PASSWORD})
    assert answer["Location"] == "/"
    assert "already has an account" in dave_client.post(add, {"email": "ERIN@example.com"}).content.decode()


def test_an_operator_passes_on_a_link_with_which_a_user_chooses_a_password(
    dave_client: Client, dave: User, alice: User
) -> None:
    page = act_on(dave_client, alice, "make_password_link")
    choose_password(page)
    alice.refresh_from_db()
    assert alice.check_password(NEW_PASSWORD)
    event = Event.objects.get(action="user.password_link_made")
    assert (event.actor, event.details) == (dave, {})
    assert "This link has expired" in Client().get(password_link(page), follow=True).content.decode()


def test_staff_gets_no_link_to_a_superuser_s_password(dave_client: Client, carol: User) -> None:
    assert "/password/reset/key/" not in act_on(dave_client, carol, "make_password_link")
    assert not Event.objects.filter(action="user.password_link_made").exists()


def test_an_operator_vouches_for_an_address(dave_client: Client, dave: User, alice: User) -> None:
    page = act(dave_client, "accounts_user", "confirm_email", alice).content.decode()
    assert "1 email address confirmed." in page
    assert EmailAddress.objects.get(user=alice).verified
    assert Event.objects.get(action="user.email_confirmed").actor == dave
    again = act(dave_client, "accounts_user", "confirm_email", alice).content.decode()
    assert "All of these are confirmed already." in again


@pytest.mark.parametrize(
    ("typed", "quota"),
    [("20 GB", 20_000_000_000), ("1,5tb", 1_500_000_000_000), ("500 MiB", 524_288_000), ("5000", 5000)],
)
def test_a_quota_is_typed_as_people_write_sizes(
    dave_client: Client, alice: User, typed: str, quota: int
) -> None:
    dave_client.post(page_of(alice), {"name": "Alice", "quota": typed, **ACTIVE})
    alice.refresh_from_db()
    assert alice.quota == quota
    assert read_size(written_size(quota)) == quota


@pytest.mark.parametrize("typed", ["much", "-1 GB", "20 XB", "9999999 PB"])
def test_a_quota_that_is_no_size_is_refused(dave_client: Client, alice: User, typed: str) -> None:
    page = dave_client.post(page_of(alice), {"name": "Alice", "quota": typed, **ACTIVE}).content.decode()
    assert "errorlist" in page
    alice.refresh_from_db()
    assert alice.quota is None


@override_settings(SIGNUP="invite")
def test_a_refused_invitation_says_why(dave_client: Client, alice: User) -> None:
    answer = dave_client.post(reverse("admin:accounts_invitation_add"), {"email": alice.email}, follow=True)
    assert "already has an account" in answer.content.decode()


@override_settings(SIGNUP="closed")
def test_nobody_is_invited_while_sign_up_is_closed(dave_client: Client) -> None:
    assert dave_client.get(reverse("admin:accounts_invitation_add")).status_code == 403
    assert dave_client.get(list_of("accounts_invitation")).status_code == 200
