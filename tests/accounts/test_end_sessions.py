"""Seeing where one is signed in, and ending it."""

import pytest
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.test import Client

from sharing.accounts.models import User
from sharing.accounts.templatetags.accounts import browser
from tests.people import PASSWORD

SESSIONS = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def elsewhere(ann: User) -> Client:
    """Alice's second browser."""
    client = Client(HTTP_USER_AGENT=FIREFOX)
    client.post("/accounts/login/", {"login": ann.email, "password": PASSWORD})
    client.get("/accounts/profile/")
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def session_of(client: Client, settings: LazySettings) -> UserSession:
    session: UserSession = UserSession.objects.get(
        session_key=client.cookies[settings.SESSION_COOKIE_NAME].value
    )
    return session


def test_each_browser_is_listed(ann_client: Client, elsewhere: Client) -> None:
    page = ann_client.get(SESSIONS).content.decode()
    assert "Firefox on Linux" in page
    assert page.count("This browser") == 1


def test_the_others_are_ended_at_once(ann_client: Client, elsewhere: Client) -> None:
    ann_client.get(SESSIONS)
    ann_client.post(SESSIONS)
    assert is_signed_in(ann_client)
    assert not is_signed_in(elsewhere)


def test_a_single_one_is_ended(ann_client: Client, elsewhere: Client, settings: LazySettings) -> None:
    session = session_of(elsewhere, settings)
    assert ann_client.post(f"{SESSIONS}{session.pk}/ending/").status_code == 302
    assert is_signed_in(ann_client)
    assert not is_signed_in(elsewhere)


def test_anothers_session_gets_404(elsewhere: Client, bob: User, settings: LazySettings) -> None:
    bobs = Client()
    bobs.force_login(bob)
    session = session_of(elsewhere, settings)
    assert bobs.post(f"{SESSIONS}{session.pk}/ending/").status_code == 404
    assert is_signed_in(elsewhere)


def test_get_is_refused(ann_client: Client, elsewhere: Client, settings: LazySettings) -> None:
    session = session_of(elsewhere, settings)
    assert ann_client.get(f"{SESSIONS}{session.pk}/ending/").status_code == 405


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0)", "A browser on Windows"),
        ("curl/8.9.1", "curl"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_called_by_its_name(user_agent: str, name: str) -> None:
    assert browser(user_agent) == name
