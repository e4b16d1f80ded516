"""The admin panel on a wide screen and a very narrow one; tests/admin looks at all its pages on a phone's."""

from django.urls import reverse

from sharing.accounts.models import Invitation, User
from tests.admin.panel import list_of
from tests.e2e.accessibility.looking import Looker
from tests.e2e.accessibility.states import links_in_every_state
from tests.e2e.conftest import sign_in


def test_the_panel(looker: Looker, site: str, carol: User, alice: User, bob: User) -> None:
    sign_in(looker.page.context, carol, site)
    looker.open(reverse("admin:index"))
    links_in_every_state(alice, bob)
    Invitation.objects.create(email="dora@example.com", invited_by=carol)
    for path in (reverse("admin:index"), list_of("links_link"), list_of("accounts_user")):
        looker.open(path)
