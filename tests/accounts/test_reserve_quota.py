"""The quota: one conditional UPDATE, so that no race exceeds it."""

import pytest
from django.conf import LazySettings
from pytest_django import DjangoAssertNumQueries

from sharing.accounts.errors import QuotaExceeded
from sharing.accounts.models import User
from tests.races import race, refused


def used(user: User) -> int:
    user.refresh_from_db()
    return user.used_bytes


def test_what_fits_is_taken(alice: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    alice.quota = 10
    alice.save()
    with django_assert_num_queries(1):
        alice.reserve(10)
    assert used(alice) == 10
    assert alice.free_bytes == 0


def test_one_byte_too_many_is_refused_and_takes_nothing(alice: User) -> None:
    alice.quota = 10
    alice.save()
    alice.reserve(4)
    with pytest.raises(QuotaExceeded) as refusal:
        alice.reserve(7)
    assert (refusal.value.size, refusal.value.free) == (7, 6)
    assert used(alice) == 4


def test_without_a_quota_of_ones_own_the_sites_counts(alice: User, settings: LazySettings) -> None:
    settings.USER_QUOTA = 5
    alice.reserve(5)
    with pytest.raises(QuotaExceeded):
        alice.reserve(1)


def test_a_quota_of_nothing_takes_nothing(alice: User) -> None:
    alice.quota = 0
    alice.save()
    alice.reserve(0)
    with pytest.raises(QuotaExceeded):
        alice.reserve(1)


def test_what_is_released_can_be_taken_again(alice: User) -> None:
    alice.quota = 10
    alice.save()
    alice.reserve(10)
    alice.release(3)
    alice.reserve(3)
    assert used(alice) == 10


def test_one_persons_bytes_are_not_anothers(alice: User, bob: User) -> None:
    alice.reserve(10)
    assert used(bob) == 0


@pytest.mark.django_db(transaction=True)
def test_of_fifty_racing_reserves_ten_fit(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(quota=10)

    def reserve(_: int) -> None:
        User(pk=alice.pk).reserve(1)

    assert refused(race(reserve, range(50)), QuotaExceeded) == 40
    assert used(alice) == 10
