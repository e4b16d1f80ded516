"""Entry to the admin panel: who is let in, and by which door."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from sharing.accounts.models import User
from tests.admin.pages import TABLES, list_of


@pytest.mark.parametrize("table", TABLES)
def test_staff_sees_every_list(dave_client: Client, table: str) -> None:
    assert dave_client.get(list_of(table)).status_code == 200


def test_staff_sees_the_overview(dave_client: Client) -> None:
    answer = dave_client.get(reverse("admin:index"))
    assert "Downloads per day" in answer.content.decode()


@pytest.mark.parametrize("table", TABLES)
def test_outsider_gets_404(alice_client: Client, table: str) -> None:
    assert alice_client.get(list_of(table)).status_code == 404


def test_outsider_gets_404_at_the_door(alice_client: Client) -> None:
    assert alice_client.get(reverse("admin:index")).status_code == 404
    assert alice_client.get(reverse("admin:login")).status_code == 404


def test_suspended_staff_is_shown_to_the_login_page(dave_client: Client, dave: User, carol: User) -> None:
    dave.suspend(by=carol)
    assert "login" in dave_client.get(reverse("admin:index"))["Location"]


def test_visitor_signs_in_on_the_one_login_page(db: None, visitor: Client) -> None:
    answer = visitor.get(list_of("files_file"), follow=True)
    assert answer.redirect_chain[-1][0] == f"{reverse('account_login')}?next={list_of('files_file')}"


def test_credentials_posted_to_the_admin_are_not_looked_at(visitor: Client, carol: User) -> None:
    password = "correct horse battery staple"
    carol.set_password(password)
    carol.save()
    visitor.post(reverse("admin:login"), {"username": carol.email, "password": password})
    assert "_auth_user_id" not in visitor.session


@pytest.mark.parametrize("wanted", ["https://evil.example.com/", "dashboard", "NaN"])
def test_what_is_no_path_of_ours_is_not_followed(dave_client: Client, wanted: str) -> None:
    answer = dave_client.get(reverse("admin:login"), {"next": wanted})
    assert answer["Location"] == reverse("admin:index")


def test_passwords_are_changed_where_everybody_changes_them(dave_client: Client) -> None:
    answer = dave_client.get(reverse("admin:password_change"))
    assert answer["Location"] == reverse("account_change_password")


def test_a_library_s_own_admin_is_not_there() -> None:
    for model in (Group, EmailAddress, UserSession, DBTaskResult):
        assert not admin.site.is_registered(model)
