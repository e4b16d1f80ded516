"""`manage.py bounce`: a mail server pipes to it what comes back to the address in MAIL_FROM."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from sharing.links.bounces import MAX_BOUNCE_SIZE, take_bounce


class Command(BaseCommand):
    help = "Read a mail that came back from standard input, and show its sender that it failed."

    def handle(self, **options: Any) -> None:
        """Exit with 0 whatever came: a mail server would answer a failure with another bounce."""
        recipient = take_bounce(sys.stdin.buffer.read(MAX_BOUNCE_SIZE))
        if recipient:
            self.stdout.write(f"The mail to {recipient.email} is shown as failed.")
        else:
            self.stdout.write("Left alone: no mail of ours came back by it.")
