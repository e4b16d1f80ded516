"""Staff change what may change at run time, and go back to the environment's value."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.addresses import expiry
from sharing.addresses.errors import InvalidExpiry
from sharing.audit.models import Event
from sharing.environment import read_environment
from sharing.site.models import SiteSetting

PAGE = reverse("admin:settings")


def shown(client: Client) -> dict[str, str]:
    """Return what the form's page would send if nobody typed anything, hidden values included."""
    page = client.get(PAGE)
    form = page.context["form"]
    values: dict[str, str] = {}
    for field in form:
        value = field.value()
        value = "" if value is None else str(field.field.prepare_value(value))
        values[field.html_name] = values[field.html_initial_name] = value
    return values


def change(client: Client, **typed: str) -> Any:
    return client.post(PAGE, {**shown(client), **typed}, follow=True)


def words_of(answer: Any) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def test_a_change_applies_at_once_and_says_who_made_it(carol_client: Client, alice: User) -> None:
    page = words_of(change(carol_client, USER_QUOTA="20 GB"))
    assert "Settings saved." in page
    assert "Changed here by carol@example.com on" in page
    assert "USER_QUOTA 20 GB Changed here" in page
    assert alice.quota_bytes == 20_000_000_000


def test_only_what_was_changed_is_kept_and_recorded(carol_client: Client, carol: User) -> None:
    change(carol_client, USER_QUOTA="20 GB")
    assert [row.name for row in SiteSetting.objects.all()] == ["USER_QUOTA"]
    event = Event.objects.get(action="site.changed")
    assert (event.actor_id, event.subject_label) == (carol.pk, "USER_QUOTA")
    assert event.details == {"before": 100_000_000_000, "after": 20_000_000_000}


def test_a_page_that_is_out_of_date_undoes_nothing(carol_client: Client) -> None:
    old = shown(carol_client)
    change(carol_client, USER_QUOTA="20 GB")
    carol_client.post(PAGE, {**old, "SIGNUP": "closed"})
    assert dict(SiteSetting.objects.values_list("name", "value")) == {
        "USER_QUOTA": 20_000_000_000,
        "SIGNUP": "closed",
    }


def test_sign_up_is_opened(carol_client: Client, visitor: Client) -> None:
    assert visitor.get(reverse("account_signup")).status_code == 403
    change(carol_client, SIGNUP="open")
    assert visitor.get(reverse("account_signup")).status_code == 200


def test_a_longest_expiry_alone_makes_every_link_expire(carol_client: Client) -> None:
    expiry.check_expiry(None)
    change(carol_client, LONGEST_EXPIRY_DAYS="7")
    assert [key for key, _label in expiry.choices()] == ["hour", "day", "week"]
    with pytest.raises(InvalidExpiry, match="must expire"):
        expiry.check_expiry(None)


def test_without_a_longest_expiry_links_need_none(carol_client: Client, settings: LazySettings) -> None:
    settings.LONGEST_EXPIRY_DAYS, settings.LINKS_MAY_LIVE_FOREVER = 30, False
    change(carol_client, LONGEST_EXPIRY_DAYS="")
    expiry.check_expiry(None)


def test_it_goes_back_to_the_environment_s_value(
    carol_client: Client, alice: User, settings: LazySettings
) -> None:
    settings.ENVIRONMENT, settings.USER_QUOTA = read_environment(USER_QUOTA="30GB"), 30_000_000_000
    page = words_of(change(carol_client, USER_QUOTA="20 GB"))
    assert "Back to the environment's value: 30 GB" in page
    answer = carol_client.post(reverse("admin:settings_reset"), {"name": "USER_QUOTA"}, follow=True)
    assert "Set in the environment by USER_QUOTA." in words_of(answer)
    assert alice.quota_bytes == 30_000_000_000
    event = Event.objects.get(action="site.reset")
    assert (event.subject_label, event.details) == ("USER_QUOTA", {"before": 20_000_000_000})


def test_to_go_back_twice_is_no_harm(carol_client: Client) -> None:
    change(carol_client, USER_QUOTA="20 GB")
    for _ in range(2):
        carol_client.post(reverse("admin:settings_reset"), {"name": "USER_QUOTA"})
    assert Event.objects.filter(action="site.reset").count() == 1


@pytest.mark.parametrize("name", ["", "SECRET_KEY", "USER_QUOTA\0"])
def test_there_is_no_way_back_for_what_is_not_changed_here(carol_client: Client, name: str) -> None:
    assert carol_client.post(reverse("admin:settings_reset"), {"name": name}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"USER_QUOTA": "lots"}, "Enter a size such as 20 GB or 500 MB."),
        ({"SITE_NAME": "\u202e"}, "Enter a name that can be seen."),
        ({"SITE_NAME": "W" * 41}, "at most 40 characters"),
        ({"ACCENT_COLOUR": "red;}"}, "Enter a colour such as #1d4ed8."),
        ({"IMPRINT_URL": "javascript:alert(1)"}, "Enter an address that begins with https:// or http://."),
        ({"PRIVACY_URL": "ftp://example.com/"}, "Enter an address that begins with https:// or http://."),
        ({"ABUSE_URL": "data:text/html,hello"}, "Enter an address that begins with https:// or http://."),
        ({"SIGNUP": "everybody"}, "Select a valid choice."),
        ({"LONGEST_EXPIRY_DAYS": "367"}, "less than or equal to 366"),
        ({"LONGEST_EXPIRY_DAYS": "3"}, "This is longer than the longest expiry."),
        ({"DEFAULT_EXPIRY": "none", "LONGEST_EXPIRY_DAYS": "30"}, "This is longer than the longest expiry."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_saved(
    carol_client: Client, typed: dict[str, str], sentence: str
) -> None:
    page = words_of(change(carol_client, **typed))
    assert sentence in page
    assert "Nothing was saved." in page
    assert not SiteSetting.objects.exists()


def test_it_is_for_staff(visitor: Client, alice_client: Client) -> None:
    for address in (PAGE, reverse("admin:settings_reset")):
        assert alice_client.post(address, {"SIGNUP": "open", "name": "SIGNUP"}).status_code == 404
        assert visitor.post(address, {"SIGNUP": "open", "name": "SIGNUP"}).status_code == 302
    assert not SiteSetting.objects.exists()


def test_to_look_at_the_way_back_changes_nothing(carol_client: Client) -> None:
    assert carol_client.get(reverse("admin:settings_reset")).status_code == 405
