"""The downloader is forgotten after a while; that it was downloaded is not."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from sharing.accounts.models import User
from sharing.links.models import Download
from sharing.links.models import download as download_module
from sharing.links.tasks import forget_addresses
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db


def download(owner: User, *, days_ago: float) -> Download:
    link = link_to(recorded_file(owner))
    return Download.objects.create(
        link=link,
        file=link.files.get(),
        at=timezone.now() - timedelta(days=days_ago),
        network="192.0.2.0",
        user_agent="curl/8.14.1",
        visitor="v" * 22,
    )


def test_after_thirty_days_network_and_browser_are_forgotten(alice: User) -> None:
    old, young = download(alice, days_ago=30.1), download(alice, days_ago=29.9)
    forget_addresses.call()
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.network, old.user_agent, old.visitor) == (None, "", "")
    assert (young.network, young.user_agent) == ("192.0.2.0", "curl/8.14.1")
    assert old.link.downloads.count() == 1


def test_for_how_long_is_a_setting(alice: User, settings: LazySettings) -> None:
    settings.ADDRESSES_KEPT_DAYS = 1
    download(alice, days_ago=1.1)
    assert Download.objects.forget_addresses() == 1


def test_what_is_forgotten_is_not_forgotten_again(alice: User) -> None:
    download(alice, days_ago=40)
    assert [Download.objects.forget_addresses() for _ in range(2)] == [1, 0]


def test_many_are_forgotten_some_at_a_time(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_module, "FORGOTTEN_AT_ONCE", 2)
    for days_ago in range(36, 41):
        download(alice, days_ago=days_ago)
    assert Download.objects.forget_addresses() == 5
    assert not Download.objects.exclude(visitor="").exists()
