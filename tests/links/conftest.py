"""What the tests of links stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from sharing import environment
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
def smtp(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A real mail server, to which this test's mails go."""
    with mail_server() as server:
        monkeypatch.setenv("EMAIL_URL", server.url)
        settings.MAILERS = {"default": environment.mailer("EMAIL_URL", Path("unused"))}
        yield server
