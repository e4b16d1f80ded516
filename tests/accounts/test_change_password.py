"""Changing one's password."""

from django.core.mail import EmailMultiAlternatives
from django.test import Client

from sharing.accounts.models import User
from tests.people import PASSWORD

CHANGE = "/accounts/password/change/"
NEW = "entirely different words 7"


def change(client: Client, old: str = PASSWORD, new: str = NEW):  # type: ignore[no-untyped-def]
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_it_keeps_this_session_and_ends_the_others(
    ann: User, ann_client: Client, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": ann.email, "password": PASSWORD})
    assert change(ann_client).status_code == 302
    assert ann_client.get("/accounts/profile/").status_code == 200
    assert elsewhere.get("/accounts/profile/").status_code == 302
    assert "was changed" in mailoutbox[0].body


def test_the_old_one_is_asked_for(ann: User, ann_client: Client) -> None:
    assert "oldpassword" in change(ann_client, old="wrong").context["form"].errors
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


def test_a_weak_one_is_refused(ann_client: Client) -> None:
    assert "password1" in change(ann_client, new="password12").context["form"].errors


def test_a_mail_server_that_is_down_does_not_undo_it(ann: User, ann_client: Client, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def fail(message: EmailMultiAlternatives) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)
    assert change(ann_client).status_code == 302
    ann.refresh_from_db()
    assert ann.check_password(NEW)
