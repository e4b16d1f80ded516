"""Rows that are mailed: each is claimed before it is sent, and tried again with growing pauses."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.mail.composing import MAX_REASON, is_permanent, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.core.mail import EmailMessage
    from django.tasks import Task

# Until the second try, the third, and so on. The first must be longer than any mail server takes to answer: it is
# also how long a worker that was killed while it sent keeps others from trying.
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
MAX_ATTEMPTS = len(PAUSES) + 1

# A row that becomes due has a task of its own. A row that is due for longer has lost it, or waits for another try.
OVERDUE_AFTER = timedelta(minutes=2)

# An owner's news wait this long, so that several go in one mail.
DIGEST_DELAY = timedelta(minutes=10)
# Older events are not mailed, so that turning a kind of mail on again does not send last year's.
NEWS_LIFE = timedelta(days=1)


class Mailing(models.Model):
    """A row that is mailed at `due_at`, which is empty once it was mailed, or given up because of `failure`."""

    due_at = models.DateTimeField(null=True, blank=True, default=timezone.now, editable=False, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)
    failure = models.CharField(max_length=MAX_REASON, blank=True, editable=False)

    if TYPE_CHECKING:
        compose: Callable[[], EmailMessage]

    class Meta:
        abstract = True

    @property
    def has_failed(self) -> bool:
        return bool(self.failure) and self.due_at is None

    def send(self) -> None:
        """Mail it if it is due. Safe to run twice: of several that try at once, one conditional UPDATE lets one."""
        if not self._claim():
            return
        if obstacle := self.obstacle():
            self._settle(due_at=None, failure=obstacle)
            return
        try:
            self.compose().send()
        except (OSError, ValueError) as error:
            is_last = is_permanent(error) or self.attempts >= MAX_ATTEMPTS
            self._settle(due_at=None if is_last else self.due_at, failure=reason_of(error))
        else:
            self._settle(due_at=None, failure="", mailed_at=timezone.now())

    def obstacle(self) -> str:
        """Return why it is not worth sending any longer, "" if it is."""
        return _("Too many attempts.") if self.attempts > MAX_ATTEMPTS else ""

    def note(self) -> None:
        """Record that it was mailed, or given up. Does nothing unless overridden."""

    def _claim(self) -> bool:
        now = timezone.now()
        if self.due_at is None or self.due_at > now:
            return False
        retry_at = now + PAUSES[min(self.attempts, len(PAUSES) - 1)]
        return self._update_as_it_is(due_at=retry_at, attempts=self.attempts + 1)

    def _settle(self, *, due_at: "datetime | None", **changes: Any) -> None:
        with transaction.atomic():
            # Somebody may have asked to send it again meanwhile: then that stands.
            if self._update_as_it_is(due_at=due_at, **changes) and due_at is None:
                self.note()

    def _update_as_it_is(self, **changes: Any) -> bool:
        row = type(self)._default_manager.filter(pk=self.pk, due_at=self.due_at, attempts=self.attempts)
        if not row.update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True


def enqueue_overdue(mailing: type[Mailing], send: "Task[[int], None]") -> None:
    """Enqueue `send` again for each row that a mail server did not take or that a lost task left behind."""
    overdue = mailing._default_manager.filter(due_at__lte=timezone.now() - OVERDUE_AFTER)
    # By the index that finds them: in the order of their keys SQLite reads the whole table.
    for pk in overdue.order_by("due_at").values_list("pk", flat=True):
        send.enqueue(pk)
