"""A setting that staff changed reaches every process within a few seconds, and costs no query a request."""

import pytest
from django.conf import LazySettings
from django.db import Error, InterfaceError, OperationalError

from sharing.site.current import KEPT_SECONDS, Site
from sharing.site.models import SiteSetting
from tests.admin.pages import queries
from tests.site.changing import change

pytestmark = pytest.mark.django_db


class Clock:
    """Stands in for the clock that only goes on, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("sharing.site.current.time.monotonic", clock)
    return clock


def test_the_environment_holds_until_somebody_changes_it(settings: LazySettings) -> None:
    settings.SIGNUP = "closed"
    site = Site()
    assert site.signup == "closed"
    change(SIGNUP="open")
    site.forget()
    assert site.signup == "open"


def test_another_process_sees_a_change_within_seconds(clock: Clock) -> None:
    site = Site()
    assert site.signup == "invite"
    change(SIGNUP="closed")
    clock.now += KEPT_SECONDS - 0.1
    assert site.signup == "invite"
    clock.now += 0.1
    assert site.signup == "closed"


def test_all_settings_take_one_query_in_that_time(clock: Clock) -> None:
    site = Site()
    assert queries(lambda: (site.signup, site.user_quota, site.default_expiry)) == 1
    assert queries(lambda: (site.signup, site.longest_expiry_days, site.links_may_live_forever)) == 0


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_the_last_known_ones_hold_while_the_database_is_away(
    error: type[Error], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(SIGNUP="closed")
    site = Site()
    assert site.signup == "closed"

    def refuse(*_names: str, **_options: object) -> None:
        raise error

    monkeypatch.setattr(SiteSetting.objects, "values_list", refuse)
    clock.now += KEPT_SECONDS
    assert site.signup == "closed"
    assert Site().signup == "invite"
