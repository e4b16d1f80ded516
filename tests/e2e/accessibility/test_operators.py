"""The admin panel: each of its pages, on a wide screen and on a very narrow one."""

import pytest
from django.urls import reverse

from sharing.accounts.models import Invitation, User
from sharing.links.models import Download
from tests.admin.pages import TABLES, list_of, page_of
from tests.e2e.accessibility.page_checker import PageChecker
from tests.e2e.accessibility.states import links_in_every_state
from tests.e2e.conftest import sign_in
from tests.factories import link_to, recorded_file

pytestmark = pytest.mark.slow


def test_the_panel(checker: PageChecker, site: str, carol: User, alice: User, bob: User) -> None:
    sign_in(checker.page.context, carol, site)
    checker.open(reverse("admin:index"))
    links_in_every_state(alice, bob)
    Invitation.objects.create(email="dora@example.com", invited_by=carol)
    file = recorded_file(alice, name="a long name that has to be broken somewhere.tar.gz")
    link = link_to(file)
    download = Download.objects.create(link=link, file=file, network="192.0.2.0", user_agent="curl/8")
    for path in (reverse("admin:index"), *map(list_of, TABLES)):
        checker.open(path)
    for row in (alice, file, file.upload, link, download):
        checker.open(page_of(row))
