"""A real mail server on a port of 127.0.0.1, which says to each address what a test wants it to say."""

from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sharing.storage.embedded import free_ports

OK = "250 OK"


class MailServer:
    """`mails` are those it took, parsed. `answers` says what it answers to a recipient in place of 250."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str | None, list[str]]] = []
        self.answers: dict[str, str] = {}
        self.is_hanging_up = False

    async def handle_RCPT(  # noqa: N802 (aiosmtpd looks for this name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, OK)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.is_hanging_up:
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
            return "421 never seen"
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return OK

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?timeout=5"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer(free_ports(1)[0])
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def part(mail: EmailMessage, subtype: str) -> str:
    """The text of a mail's plain or html part."""
    body = mail.get_body((subtype,))
    assert body
    return str(body.get_content())
