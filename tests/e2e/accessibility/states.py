"""The pages and states to look at."""

from datetime import timedelta

from django.utils import timezone

from sharing.accounts.models import User
from sharing.links.models import Download, Link, Recipient
from tests.factories import link_to, recorded_file, started_upload

LONG = "a-name-without-a-single-place-to-break-" * 5 + ".tar.gz"
FULL_PAGE = 10
TRICKY = 'résumé 日本語 "x" \N{RIGHT-TO-LEFT OVERRIDE}gpj.exe'


def links_in_every_state(alice: User, bob: User) -> dict[Link.State, Link]:
    """One link each. That of bob, who is suspended, is not alice's."""
    file, other = (
        recorded_file(alice, name="tax return 2025.pdf", size=812_345),
        recorded_file(alice, name=TRICKY),
    )
    withdrawn = link_to(recorded_file(alice, name="gone.txt"))
    withdrawn.files.get().delete_by(alice)
    links = {
        Link.State.OPEN: link_to(file, other, title="Tax papers", message="All of it.\nGreetings!"),
        Link.State.ARRIVING: link_to(started_upload(alice, 4_820_000_000).file, expires_in=None),
        Link.State.EXPIRED: link_to(file),
        Link.State.USED_UP: link_to(file, download_limit=1),
        Link.State.REVOKED: link_to(file),
        Link.State.WITHDRAWN: withdrawn,
        Link.State.SUSPENDED: link_to(recorded_file(bob)),
    }
    past = timezone.now() - timedelta(hours=1)
    Link.objects.filter(pk=links[Link.State.EXPIRED].pk).update(expires_at=past)
    for state in (Link.State.OPEN, Link.State.USED_UP):
        links[state].items.update(download_count=1)
        Download.objects.create(
            link=links[state], file=file, network="192.0.2.0", user_agent="curl/8.14.1 " * 9
        )
    links[Link.State.REVOKED].revoke(by=alice)
    bob.suspend(by=alice)
    return links


def recipients_in_every_state(link: Link) -> dict[Recipient.State, Recipient]:
    """One recipient each, and one whose mail is being tried again."""
    now = timezone.now()
    mailed, opened = now - timedelta(hours=3), now - timedelta(hours=2)
    fields: dict[Recipient.State, dict[str, object]] = {
        Recipient.State.WAITING: {"name": "Wanda Waits"},
        Recipient.State.SENT: {"mailed_at": mailed, "due_at": None},
        Recipient.State.FAILED: {"due_at": None, "failure": "550 5.1.1 No such user here: mind the spelling"},
        Recipient.State.OPENED: {"name": TRICKY, "mailed_at": mailed, "opened_at": opened, "due_at": None},
        Recipient.State.DOWNLOADED: {
            "name": "Dora Fetches",
            "mailed_at": mailed,
            "opened_at": opened,
            "due_at": None,
        },
        Recipient.State.REVOKED: {"mailed_at": mailed, "revoked_at": now, "due_at": None},
    }
    recipients = {
        state: Recipient.objects.create(link=link, email=f"{state.value}@example.com", **values)
        for state, values in fields.items()
    }
    for is_repeat in (False, False, True):
        Download.objects.create(
            link=link,
            file=link.files.earliest("created_at"),
            recipient=recipients[Recipient.State.DOWNLOADED],
            is_repeat=is_repeat,
        )
    Recipient.objects.create(
        link=link,
        email=f"{'a-long-address-' * 4}@example.com",
        failure="451 4.3.0 Come back later",
        due_at=now + timedelta(minutes=15),
        attempts=2,
    )
    return recipients
