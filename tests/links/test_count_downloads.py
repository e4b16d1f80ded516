"""The number of a link's downloads: repeats are none, and an index alone answers."""

import pytest

from sharing.accounts.models import User
from sharing.links.models import Download, Link
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.django_db


def test_repeats_are_not_counted(alice: User) -> None:
    file = recorded_file(alice)
    popular, other = link_to(file), link_to(file)
    for link, is_repeat in [(popular, False), (popular, True), (popular, False), (other, True)]:
        Download.objects.create(link=link, file=file, is_repeat=is_repeat)
    counted = Link.objects.with_download_counts()
    assert counted.filter(download_count=2).get() == popular  # type: ignore[misc]  # an annotation
    assert counted.filter(download_count=0).get() == other  # type: ignore[misc]  # an annotation


def test_the_condition_of_the_index_is_no_parameter() -> None:
    """For one SQLite looks at the row of each download besides, which takes more than twice as long."""
    _, params = Download.objects.counted().values("pk").query.sql_with_params()
    assert params == ()
