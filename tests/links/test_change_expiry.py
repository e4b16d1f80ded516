"""Moving a link's expiry, which also revives one that has expired."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.addresses.errors import InvalidExpiry
from sharing.audit.models import Event
from sharing.links.models import Link
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db


def test_an_expired_link_opens_again(alice: User, alice_client: Client, visitor: Client) -> None:
    link = link_to(recorded_file(alice))
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(days=1))
    assert visitor.get(link.url).status_code == 410
    alice_client.post(reverse("link_settings", args=[link.public_id]), {"expiry": "day"})
    assert visitor.get(link.url).status_code == 200
    assert Event.objects.filter(action="link.expiry_changed").count() == 1


def test_a_link_may_live_for_ever_where_the_operator_allows(
    alice: User, alice_client: Client, settings: LazySettings
) -> None:
    link = link_to(recorded_file(alice))
    address = reverse("link_settings", args=[link.public_id])
    settings.LINKS_MAY_LIVE_FOREVER = False
    assert alice_client.post(address, {"expiry": "none"}).status_code == 422
    assert "No expiry" not in alice_client.get(link.get_absolute_url()).content.decode()
    link.refresh_from_db()
    assert link.expires_at
    with pytest.raises(InvalidExpiry):
        link.expire_at(None, by=alice)
    settings.LINKS_MAY_LIVE_FOREVER = True
    assert alice_client.post(address, {"expiry": "none"}).status_code == 302
    link.refresh_from_db()
    assert link.expires_at is None


def test_a_moment_that_has_passed_is_refused(alice: User, alice_client: Client) -> None:
    link = link_to(recorded_file(alice))
    fields = {"expiry": "date", "expires_on": "2020-01-01T00:00"}
    answer = alice_client.post(reverse("link_settings", args=[link.public_id]), fields)
    assert "in the past" in answer.content.decode()
    before = link.expires_at
    link.refresh_from_db()
    assert link.expires_at == before
