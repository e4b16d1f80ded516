"""`manage.py bounce`: a mail server pipes to it what comes back to the address in MAIL_FROM."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from sharing.links.bounces import MAX_BOUNCE_SIZE, take_bounce


class Command(BaseCommand):
    help = "Read a mail that came back from standard input, and show its sender that it failed."

    def handle(self, **options: Any) -> None:
        """Exit with 0 whatever came: a mail server would answer a failure with another bounce."""
        recipient = take_bounce(sys.stdin.buffer.read(MAX_BOUNCE_SIZE))
        if recipient:
            self.stdout.write(
                _("The email to %(email)s is now shown as failed.") % {"email": recipient.email}
            )
        else:
            self.stdout.write(_("Nothing to do: this is not a returned email of this site."))
