"""What the tests of mails stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from sharing import environment
from tests.links.mail_server import MailServer, mail_server


@pytest.fixture
def smtp(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A real mail server, to which this test's mails go."""
    with mail_server() as server:
        monkeypatch.setenv("EMAIL_URL", server.url)
        settings.MAILERS = {"default": environment.mailer("EMAIL_URL", Path("unused"))}
        yield server
