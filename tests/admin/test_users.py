"""Changes that operators make about a person, and those that only a superuser may make."""

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sharing.accounts.models import Invitation, User
from sharing.audit.models import Event
from tests.admin.pages import list_of, page_of

ACTIVE = {"is_active": "on"}


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
    assert invitation.token not in dave_client.get(page_of(invitation)).content.decode()


@override_settings(SIGNUP="invite")
def test_a_refused_invitation_says_why(dave_client: Client, alice: User) -> None:
    answer = dave_client.post(reverse("admin:accounts_invitation_add"), {"email": alice.email}, follow=True)
    assert "has an account already" in answer.content.decode()


@override_settings(SIGNUP="closed")
def test_nobody_is_invited_while_sign_up_is_closed(dave_client: Client) -> None:
    assert dave_client.get(reverse("admin:accounts_invitation_add")).status_code == 403
    assert dave_client.get(list_of("accounts_invitation")).status_code == 200
