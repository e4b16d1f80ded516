"""Recipients of a link: it is mailed to each under an address of their own, so that its sender sees who used it."""

from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, ClassVar, Protocol, TypedDict, cast

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing import tokens
from sharing.audit.record import record
from sharing.background import enqueue_on_commit
from sharing.links.models.download import Download
from sharing.links.models.link import Link
from sharing.links.models.mail_quota import MailQuota
from sharing.links.models.querysets import KEYS_AT_ONCE, keys_of
from sharing.mail.address_list import MAX_EMAIL, MAX_NAME, mailbox
from sharing.mail.composing import FILES_NAMED, compose
from sharing.mail.mailing import Mailing
from sharing.wording import one_line, plain_lines, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django_stubs_ext import WithAnnotations

    from sharing.accounts.models import User
    from sharing.mail.address_list import Person

SUGGESTED = 12
# Recipients who have not downloaded yet are reminded so long before the expiry, unless they were mailed since.
REMIND_BEFORE = timedelta(days=1)


class DownloadAnnotations(TypedDict):
    """Annotations that RecipientQuerySet.with_downloads() adds to a recipient."""

    downloaded_at: datetime | None
    download_count: int


if TYPE_CHECKING:
    # A recipient that comes from with_downloads().
    CountedRecipient = WithAnnotations["Recipient", DownloadAnnotations]


class WithDownloads(Protocol):
    """Attributes that `Recipient.state` reads. Mypy refuses a recipient that does not come from with_downloads()."""

    revoked_at: datetime | None
    opened_at: datetime | None
    mailed_at: datetime | None
    downloaded_at: datetime | None

    @property
    def has_failed(self) -> bool: ...


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def trusted(self) -> "RecipientQuerySet":
        """Recipients who are not revoked."""
        return self.filter(revoked_at=None)

    def waiting(self) -> "RecipientQuerySet":
        """Recipients who are not revoked and have downloaded nothing yet."""
        return self.trusted().exclude(Exists(Download.objects.filter(recipient=OuterRef("pk"))))

    def with_downloads(self) -> "models.QuerySet[CountedRecipient, CountedRecipient]":
        """Recipients with the time of their first download and the number of all, but for repeats."""
        own = (
            Download.objects.filter(recipient=OuterRef("pk"), is_repeat=False).order_by().values("recipient")
        )
        counted = self.annotate(
            downloaded_at=Subquery(own.annotate(first=Min("at")).values("first")),
            download_count=Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0),
        )
        return cast("models.QuerySet[CountedRecipient, CountedRecipient]", counted)


class RecipientManager(models.Manager["Recipient"]):
    def get_queryset(self) -> RecipientQuerySet:
        return RecipientQuerySet(self.model, using=self._db)

    def trusted(self) -> RecipientQuerySet:
        return self.get_queryset().trusted()

    def waiting(self) -> RecipientQuerySet:
        return self.get_queryset().waiting()

    def with_downloads(self) -> "models.QuerySet[CountedRecipient, CountedRecipient]":
        return self.get_queryset().with_downloads()

    def mail(
        self, link: Link, people: "Iterable[Person]", *, message: str = "", by: "User"
    ) -> "Sequence[Recipient]":
        """Mail the link to those who do not have it yet, and return them. Raises MailLimitReached."""
        with transaction.atomic():
            # A button that is pressed twice: the second request finds them all there.
            Link.objects.select_for_update().get(pk=link.pk)
            known = set(self.filter(link=link).values_list(Lower("email"), flat=True))
            new = [
                Recipient(link=link, email=person.email, name=person.name, message=message)
                for person in people
                if person.email.lower() not in known
            ]
            if new:
                MailQuota.objects.spend(by, len(new))
                self.bulk_create(new)
                record("link.addressed", link, by=by, to=[recipient.email for recipient in new])
            for recipient in new:
                enqueue_on_commit("sharing.links.tasks.send_recipient", recipient.pk)
        return new

    def suggested_for(self, link: Link) -> "list[Recipient]":
        """Return the sender's latest recipients who do not have this link, latest first. Takes two queries."""
        known = set(self.filter(link=link).values_list(Lower("email"), flat=True))
        earlier = self.filter(link__owner_id=link.owner_id).order_by("-pk")[: SUGGESTED * 20]
        people: dict[str, Recipient] = {}
        for recipient in earlier:
            if recipient.email.lower() not in known:
                people.setdefault(recipient.email.lower(), recipient)
        return list(people.values())[:SUGGESTED]

    def remind(self) -> int:
        """Schedule reminders to recipients of links that expire within a day. Return their number. Safe to repeat."""
        now = timezone.now()
        ending = Link.objects.usable().filter(
            expires_at__lte=now + REMIND_BEFORE,
            owner__wants_reminders=True,
        )
        late = self.waiting().filter(due_at=None, failure="", mailed_at__lte=now - REMIND_BEFORE)
        reminded = 0
        for some in batched(keys_of(ending), KEYS_AT_ONCE):
            full = Link.objects.filter(pk__in=some, items__file__deleted_at=None).order_by().values("pk")
            reminded += late.filter(link__in=full).update(due_at=now, attempts=0, is_reminder=True)
        return reminded


class Recipient(Mailing):
    """One recipient. Their token is computed from `public_id` and not stored, as a link's own is."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        SENT = "sent", gettext_lazy("Sent")
        FAILED = "failed", gettext_lazy("Failed")
        OPENED = "opened", gettext_lazy("Opened")
        DOWNLOADED = "downloaded", gettext_lazy("Downloaded")
        REVOKED = "revoked", gettext_lazy("Revoked")

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="recipients")
    email = models.EmailField(gettext_lazy("e-mail address"), max_length=MAX_EMAIL)
    name = models.CharField(max_length=MAX_NAME, blank=True)
    message = models.TextField(max_length=2000, blank=True, help_text=gettext_lazy("Empty: the link's own."))
    public_id = models.CharField(max_length=12, unique=True, default=tokens.new_public_id, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    open_count = models.PositiveIntegerField(default=0, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_reminder = models.BooleanField(
        default=False, editable=False, help_text=gettext_lazy("What is mailed when it is due.")
    )

    objects: ClassVar[RecipientManager] = RecipientManager()

    # The purpose of the token by which a mail to them is known when it comes back.
    BOUNCE = "bounce"

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["revoked_at"], condition=models.Q(revoked_at__isnull=False), name="recipient_revoked"
            ),
        ]
        constraints = [models.UniqueConstraint("link", Lower("email"), name="recipient_once_a_link")]

    def __str__(self) -> str:
        return self.email

    @property
    def label(self) -> str:
        return self.name or self.email

    @property
    def hint(self) -> str:
        """The masked e-mail address, such as a…@example.com: whoever holds the link may be somebody else."""
        name, _, host = self.email.rpartition("@")
        return f"{name[:1]}…@{host}"

    @property
    def token(self) -> str:
        return tokens.mint("recipient", self.public_id)

    @property
    def url(self) -> str:
        """The URL that is theirs alone."""
        return f"{settings.SITE_URL}{self.link.path_by(self.token)}"

    @property
    def state(self: WithDownloads) -> State:
        """Their state, for lists. Takes no query."""
        states = Recipient.State
        if self.revoked_at:
            return states.REVOKED
        if self.has_failed:
            return states.FAILED
        if self.downloaded_at:
            return states.DOWNLOADED
        if self.opened_at:
            return states.OPENED
        return states.SENT if self.mailed_at else states.WAITING

    def count_opens(self, times: int = 1, *, first_at: datetime) -> None:
        """Count views by them, or by their mail scanner. Takes one UPDATE."""
        Recipient.objects.filter(pk=self.pk).update(
            opened_at=Coalesce(F("opened_at"), first_at), open_count=F("open_count") + times
        )

    def revoke(self, *, by: "User") -> None:
        """Revoke their address alone. Safe to repeat."""
        with transaction.atomic():
            now = timezone.now()
            if Recipient.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now, due_at=None):
                self.revoked_at, self.due_at = now, None
                record("link.recipient_revoked", self.link, by=by, recipient=self.email)
                self.link.stop_issued_downloads(recipient_id=self.pk)

    def mail_again(self, *, by: "User") -> None:
        """Send the mail once more, unless it is on its way. Raises MailLimitReached."""
        with transaction.atomic():
            idle = Recipient.objects.filter(pk=self.pk, revoked_at=None, due_at=None)
            if not idle.update(due_at=timezone.now(), attempts=0, failure="", is_reminder=False):
                return
            MailQuota.objects.spend(by, 1)
            record("link.mailed_again", self.link, by=by, recipient=self.email)
            enqueue_on_commit("sharing.links.tasks.send_recipient", self.pk)

    def bounce(self, reason: str) -> bool:
        """Mark a mail as failed that came back after the first server took it. True if that is news. Safe to repeat.

        A recipient who has opened the link has the mail, whatever came back: it may have gone to a list.
        """
        with transaction.atomic():
            mailed = Recipient.objects.filter(pk=self.pk, revoked_at=None, due_at=None, opened_at=None)
            if not mailed.exclude(mailed_at=None).filter(failure="").update(failure=reason):
                return False
            self.failure = reason
            self.note()
        return True

    # How it is mailed

    def obstacle(self) -> str:
        full = Link.objects.usable().filter(pk=self.link_id, items__file__deleted_at=None)
        if not full.filter(recipients=self.pk, recipients__revoked_at=None).exists():
            return _("The link no longer worked when the email was to be sent.")
        return super().obstacle()

    def compose(self) -> EmailMessage:
        """Return the link's mail, or its reminder, to this recipient."""
        link = Link.objects.with_contents().get(pk=self.link_id)
        # A mail may be read on its way, so it tells nothing of a link that asks for a password or a code.
        files = [] if link.is_locked else [item.file for item in link.items.present()[:FILES_NAMED]]
        title = "" if link.is_locked else one_line(link.title)
        is_single = link.contents.count == 1 and not link.is_locked
        context = {
            "recipient": self,
            "link": link,
            "message": plain_lines(self.message or ("" if link.is_locked else link.message)).strip(),
            "title": title,
            "subject": title or (visible(link.contents.first_name) if is_single else ""),
            "files": files,
            "more": max(0, link.contents.count - FILES_NAMED) if files else 0,
        }
        return compose(
            "reminder" if self.is_reminder else "recipient",
            mailbox(self.email, self.name),
            context,
            sender=link.owner.display_name,
            reply_to=mailbox(link.owner.email, link.owner.name),
            reference=tokens.mint(self.BOUNCE, self.public_id),
        )

    def note(self) -> None:
        if self.failure:
            record("link.mail_failed", self.link, recipient=self.email, reason=self.failure)
        else:
            record("link.reminded" if self.is_reminder else "link.mailed", self.link, recipient=self.email)
