"""Suspending an account, and restoring it."""

from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.audit.models import Event
from tests.people import PASSWORD


def test_a_suspended_person_is_signed_out_everywhere(ann: User, ann_client: Client, carol: User) -> None:
    ann_client.get("/accounts/profile/")
    ann.suspend(by=carol)
    assert ann_client.get("/accounts/profile/").status_code == 302
    # Not merely barred: restoring the account does not revive the session.
    ann.restore(by=carol)
    assert ann_client.get("/accounts/profile/").status_code == 302


def test_a_suspended_person_cannot_sign_in_and_is_told_why(ann: User, carol: User, visitor: Client) -> None:
    ann.suspend(by=carol)
    answer = visitor.post("/accounts/login/", {"login": ann.email, "password": PASSWORD}, follow=True)
    assert "suspended" in answer.content.decode()
    assert "_auth_user_id" not in visitor.session


def test_who_does_not_know_the_password_is_not_told(ann: User, carol: User, visitor: Client) -> None:
    ann.suspend(by=carol)
    answer = visitor.post("/accounts/login/", {"login": ann.email, "password": "wrong"}, follow=True)
    assert "suspended" not in answer.content.decode()


def test_a_restored_person_signs_in_again(ann: User, carol: User, visitor: Client) -> None:
    ann.suspend(by=carol)
    ann.restore(by=carol)
    answer = visitor.post("/accounts/login/", {"login": ann.email, "password": PASSWORD})
    assert answer["Location"] == reverse("dashboard")


def test_each_is_recorded_once(ann: User, carol: User) -> None:
    for _ in range(2):
        ann.suspend(by=carol)
    for _ in range(2):
        ann.restore(by=carol)
    events = Event.objects.filter(subject_id=str(ann.pk), actor=carol).order_by("pk")
    assert [event.action for event in events] == ["user.suspended", "user.restored"]
