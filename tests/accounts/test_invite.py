"""Inviting: staff vouch for an address, its reader opens the account."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.test import Client
from time_machine import TimeMachineFixture

from sharing import tokens
from sharing.accounts.errors import InvitationClosed, InvitationRefused
from sharing.accounts.models import Invitation, User
from sharing.audit.models import Event
from tests.accounts.links_in_mail import path_in
from tests.people import PASSWORD, RunTasks
from tests.races import race, refused

FORM = {"name": "Dora", "password": PASSWORD}


@pytest.fixture(autouse=True)
def by_invitation(settings: LazySettings) -> None:
    settings.SIGNUP = "invite"


@pytest.fixture
def invitation(carol: User) -> Invitation:
    return Invitation.objects.invite("Dora@Example.com", by=carol)


def path_of(invitation: Invitation, settings: LazySettings) -> str:
    return invitation.url.removeprefix(settings.SITE_URL)


def test_the_mail_brings_a_link_that_opens_the_account(
    carol: User,
    visitor: Client,
    settings: LazySettings,
    run_tasks: RunTasks,
    mailoutbox: list[EmailMultiAlternatives],
) -> None:
    Invitation.objects.invite("Dora@Example.com", by=carol)
    run_tasks()
    assert mailoutbox[0].to == ["dora@example.com"]
    assert "Carol" in mailoutbox[0].subject
    path = path_in(mailoutbox[0], settings.SITE_URL)
    assert "dora@example.com" in visitor.get(path).content.decode()
    assert visitor.post(path, FORM)["Location"] == "/"
    dora = User.objects.get(email="dora@example.com")
    assert (dora.name, dora.is_staff) == ("Dora", False)
    assert visitor.session["_auth_user_id"] == str(dora.pk)


def test_nothing_is_mailed_when_the_transaction_fails(
    carol: User, run_tasks: RunTasks, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    with transaction.atomic():
        Invitation.objects.invite("dora@example.com", by=carol)
        transaction.set_rollback(True)
    run_tasks()
    assert mailoutbox == []


def test_the_address_counts_as_verified(invitation: Invitation) -> None:
    dora = invitation.accept(password=PASSWORD)
    assert Client().post("/accounts/login/", {"login": dora.email, "password": PASSWORD})["Location"] == "/"


def test_the_address_cannot_be_exchanged(
    invitation: Invitation, visitor: Client, settings: LazySettings
) -> None:
    visitor.post(path_of(invitation, settings), FORM | {"email": "mallory@example.com"})
    assert not User.objects.filter(email="mallory@example.com").exists()
    assert User.objects.filter(email="dora@example.com").exists()


def test_looking_spends_nothing(invitation: Invitation, visitor: Client, settings: LazySettings) -> None:
    for _ in range(3):
        assert visitor.get(path_of(invitation, settings)).status_code == 200
    invitation.refresh_from_db()
    assert invitation.is_open


def test_it_works_once(invitation: Invitation, settings: LazySettings) -> None:
    path = path_of(invitation, settings)
    assert Client().post(path, FORM).status_code == 302
    assert Client().get(path).status_code == 410
    assert Client().post(path, FORM).status_code == 410
    assert User.objects.filter(email="dora@example.com").count() == 1


def test_a_request_that_came_late_opens_nothing(invitation: Invitation) -> None:
    """It read the invitation while that was open; meanwhile it was used, and the address even given up."""
    late = Invitation.objects.get(pk=invitation.pk)
    invitation.accept(password=PASSWORD)
    User.objects.filter(email="dora@example.com").update(email="moved@example.com")
    EmailAddress.objects.filter(email="dora@example.com").update(email="moved@example.com")
    with pytest.raises(InvitationClosed):
        late.accept(password=PASSWORD)


@pytest.mark.parametrize(("days", "status"), [(6.99, 200), (7, 410), (8, 410)])
def test_it_works_for_a_week(
    invitation: Invitation,
    visitor: Client,
    settings: LazySettings,
    time_machine: TimeMachineFixture,
    days: float,
    status: int,
) -> None:
    time_machine.move_to(invitation.expires_at + timedelta(days=days - 7))
    assert visitor.get(path_of(invitation, settings)).status_code == status


def test_a_second_invitation_replaces_the_first(
    invitation: Invitation, carol: User, settings: LazySettings
) -> None:
    second = Invitation.objects.invite("dora@example.com", by=carol)
    assert Client().get(path_of(invitation, settings)).status_code == 410
    assert Client().get(path_of(second, settings)).status_code == 200


def test_it_is_dead_while_sign_up_is_closed(
    invitation: Invitation, visitor: Client, settings: LazySettings
) -> None:
    settings.SIGNUP = "closed"
    assert visitor.post(path_of(invitation, settings), FORM).status_code == 410
    assert not User.objects.filter(email="dora@example.com").exists()


def test_it_dies_with_its_inviters_right_to_invite(
    invitation: Invitation, carol: User, bob: User, visitor: Client, settings: LazySettings
) -> None:
    carol.suspend(by=bob)
    assert visitor.get(path_of(invitation, settings)).status_code == 410


def test_a_closed_site_sends_none(carol: User, settings: LazySettings) -> None:
    settings.SIGNUP = "closed"
    with pytest.raises(InvitationRefused, match="turned off"):
        Invitation.objects.invite("dora@example.com", by=carol)


def test_only_staff_invite(alice: User) -> None:
    with pytest.raises(InvitationRefused, match="staff"):
        Invitation.objects.invite("dora@example.com", by=alice)


def test_nobody_is_invited_twice_into_an_account(carol: User, alice: User) -> None:
    with pytest.raises(InvitationRefused, match="already"):
        Invitation.objects.invite("ALICE@example.com", by=carol)


def test_another_token_gets_404(invitation: Invitation, visitor: Client) -> None:
    for token in ("x", tokens.mint("link", invitation.public_id), tokens.mint("invitation", "000000000000")):
        assert visitor.get(f"/accounts/invitations/{token}/").status_code == 404


def test_no_token_is_stored(invitation: Invitation) -> None:
    mac = invitation.token.removeprefix(invitation.public_id)
    assert mac not in str(Invitation.objects.values().get())


def test_somebody_signed_in_is_asked_to_sign_out_first(
    invitation: Invitation, ann_client: Client, settings: LazySettings
) -> None:
    answer = ann_client.post(path_of(invitation, settings), FORM)
    assert "Sign out and continue" in answer.content.decode()
    assert not User.objects.filter(email="dora@example.com").exists()


def test_it_is_recorded_without_its_token(invitation: Invitation) -> None:
    invitation.accept(password=PASSWORD)
    actions = list(Event.objects.order_by("pk").values_list("action", "subject_label"))
    assert actions[1:] == [("user.invited", "dora@example.com"), ("user.created", "dora@example.com")]
    assert not any(invitation.token in str(event.details) for event in Event.objects.all())


@pytest.mark.django_db(transaction=True)
def test_of_racing_requests_one_opens_the_account(invitation: Invitation) -> None:
    def accept(_: int) -> User:
        return Invitation.objects.get(pk=invitation.pk).accept(password=PASSWORD)

    assert refused(race(accept, range(6)), InvitationClosed) == 5
    assert Invitation.objects.get().accepted_at
