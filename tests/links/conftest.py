"""Fixtures of the tests of links."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from sharing.environment import read_environment
from sharing.links.view_counter import ViewCounter
from sharing.storage import deadline, presence
from sharing.storage.bucket import Bucket
from tests.links.mail_server import MailServer, mail_server


@pytest.fixture(autouse=True)
def patient(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bucket is asked before each download, and a busy test machine may take its time to answer."""
    monkeypatch.setattr(presence, "WAIT_SECONDS", 20)
    monkeypatch.setattr(deadline, "TURN_SECONDS", 20)
    monkeypatch.setattr(deadline, "LIVELY_SECONDS", 20)


@pytest.fixture
def views_pending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Views stay in memory, as they do for a second: what is counted are the queries of a page alone."""
    monkeypatch.setattr("sharing.links.gate.VIEWS", ViewCounter(lambda counter: None))


@pytest.fixture
def smtp(settings: LazySettings) -> Iterator[MailServer]:
    """A real mail server, to which this test's mails go."""
    with mail_server() as server:
        settings.MAILERS = {"default": read_environment(EMAIL_URL=server.url).EMAIL_URL}
        yield server
