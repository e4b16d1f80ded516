"""A link: which files somebody without an account may fetch, until when, and how often."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from sharing import tokens
from sharing.audit.record import record
from sharing.background import enqueue_on_commit
from sharing.files.models import File
from sharing.links.errors import TooManyFiles
from sharing.links.models.download import Download
from sharing.links.models.querysets import LinkManager
from sharing.links.models.ruled import Ruled
from sharing.links.rules import MAX_FILES
from sharing.links.waybill_number import waybill_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from sharing.accounts.models import User
    from sharing.links.models.item import Item
    from sharing.links.models.recipient import Recipient


class Link(Ruled):
    """One waybill. Its token is computed from `public_id`, never stored: a dump of the database opens nothing."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ARRIVING = "arriving", "On its way"
        EXPIRED = "expired", "Expired"
        USED_UP = "used_up", "Used up"
        REVOKED = "revoked", "Revoked"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SUSPENDED = "suspended", "Suspended"

    LIVE = frozenset({State.OPEN, State.ARRIVING})

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="links")
    files = models.ManyToManyField(File, through="links.Item", related_name="links")
    title = models.CharField(max_length=200, blank=True)
    message = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    view_count = models.PositiveIntegerField(default=0, editable=False)

    # What the link holds now; set by with_contents() or weigh().
    contents: "list[Item]"
    present_count: int
    ready_count: int
    open_count: int
    open_weight: int
    weight: int
    first_name: str
    # How often it gave a file, repeats left out, and whether to several addresses; set by with_contents().
    download_count: int
    is_mailed: bool
    # Whose own address it was reached by; set by by_token().
    recipient: "Recipient | None" = None

    objects: ClassVar[LinkManager] = LinkManager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="link_by_owner_newest")]

    def __str__(self) -> str:
        return self.title or self.number

    def get_absolute_url(self) -> str:
        return reverse("link", args=[self.public_id])

    @property
    def label(self) -> str:
        """What the link is called where its contents are known: its title, else its files."""
        if self.title or not self.present_count:
            return str(self)
        others = self.present_count - 1
        return f"{self.first_name} and {others:,} more" if others else self.first_name

    @property
    def number(self) -> str:
        """The number that is printed on the waybill. It names the link, and grants no access."""
        return waybill_number(self.public_id)

    @property
    def token(self) -> str:
        """Of the address it was reached by: the plain one, or a recipient's own."""
        return self.recipient.token if self.recipient else tokens.mint("link", self.public_id)

    def path_by(self, token: str) -> str:
        return reverse("landing", args=[self.address_by(token)])

    @property
    def url(self) -> str:
        """What is copied and sent."""
        return f"{settings.SITE_URL}{self.path_by(self.token)}"

    def weigh(self, items: "Iterable[Item]") -> None:
        """Take note of the items that the link has now, so that its state is known without another query."""
        self.contents = list(items)
        files = [item.file for item in self.contents]
        self.present_count = len(files)
        self.ready_count = sum(file.is_ready for file in files)
        open_sizes = [item.file.size for item in self.contents if item.is_available]
        self.open_count, self.open_weight = len(open_sizes), sum(open_sizes)
        self.weight = sum(file.size for file in files)
        self.first_name = min((file.name for file in files), default="")

    @property
    def state(self) -> State:
        """What the link gives now. Needs with_contents() or weigh(); takes no query."""
        if self.revoked_at or (self.recipient and self.recipient.revoked_at):
            return self.State.REVOKED
        if not self.owner.is_active:
            return self.State.SUSPENDED
        if not self.present_count:
            return self.State.WITHDRAWN
        if self.is_expired:
            return self.State.EXPIRED
        if self.ready_count < self.present_count:
            return self.State.OPEN if self.ready_count else self.State.ARRIVING
        return self.State.OPEN if self.open_count else self.State.USED_UP

    @property
    def is_listed_open(self) -> bool:
        """True if its state is open or on its way. From what is loaded, without a query; see is_usable()."""
        return self.state in self.LIVE

    def is_usable(self) -> bool:
        """True if it is neither revoked nor expired, nor is this address, by the database. Takes one query."""
        return self._is_among(Link.objects.usable())

    def lets_finish(self) -> bool:
        """Whether what was begun by this address may go on. Takes one query.

        An expiry lets it; a revocation and a suspension do not.
        """
        return self._is_among(Link.objects.letting_finish())

    def _is_among(self, links: "QuerySet[Link]") -> bool:
        links = links.filter(pk=self.pk)
        if self.recipient:
            links = links.filter(recipients=self.recipient, recipients__revoked_at=None)
        return links.exists()

    def reword(self, *, title: str, message: str, by: "User") -> None:
        """Change what people at its address read of it. Safe to repeat."""
        if (title, message) == (self.title, self.message):
            return
        with transaction.atomic():
            before, self.title, self.message = self.title, title, message
            self.save(update_fields=["title", "message"])
            record("link.words_changed", self, by=by, before=before, title=title)

    def count_view(self) -> None:
        """Somebody looked. Takes one UPDATE, for a recipient two, and spends nothing."""
        Link.objects.filter(pk=self.pk).update(view_count=F("view_count") + 1)
        if self.recipient:
            self.recipient.count_open()

    def revoke(self, *, by: "User", stop_downloads: bool = False) -> None:
        """Stop every later download; with `stop_downloads` also those that were handed out already. Safe to repeat."""
        with transaction.atomic():
            now = timezone.now()
            if Link.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now):
                self.revoked_at = now
                record("link.revoked", self, by=by, **({"stop_downloads": True} if stop_downloads else {}))
                if stop_downloads:
                    self.take_back()

    def set_password(self, password: str, *, by: "User") -> None:
        with transaction.atomic():
            super().set_password(password, by=by)
            self.take_back()

    def ask_for_code(self, asks: bool, *, by: "User") -> None:
        with transaction.atomic():
            if asks and not self.asks_for_code:
                self.take_back()
            super().ask_for_code(asks, by=by)

    def take_back(self, **only: Any) -> None:
        """Have what it gave lately stop working; `only` narrows that as for `stop_downloads()`.

        After the transaction, so that a download that is under way when this is decided is found, too.
        """
        enqueue_on_commit("sharing.links.tasks.stop_downloads", self.pk, **only)

    def stop_downloads(self, *, recipient_id: int | None = None, file_id: str | None = None) -> None:
        """Move the files that it gave lately: what was signed for them dies. Safe to repeat.

        What was only looked at is not known by recipient, so it moves for any of them.
        """
        given = Download.objects.lately().filter(link=self)
        if recipient_id:
            given = given.filter(recipient=recipient_id)
        # One that was taken out of the link is no item of it any longer.
        files = File.objects.stored().filter(**({"pk": file_id} if file_id else {}))
        shown = files.recently_opened() if file_id else files.filter(items__link=self).recently_opened()
        for file in files.filter(Q(pk__in=given.values("file")) | Q(pk__in=shown.values("pk"))):
            file.schedule_key_rotation()

    def add_files(self, files: "Iterable[File]", *, by: "User") -> None:
        """Grant more files, which must be the owner's. Safe to repeat. Raises TooManyFiles."""
        with transaction.atomic():
            # One after another: racing additions must not exceed together what each may.
            Link.objects.select_for_update(no_key=True).get(pk=self.pk)
            granted = set(self.items.values_list("file_id", flat=True))
            new = [file for file in files if file.pk not in granted]
            if len(granted) + len(new) > MAX_FILES:
                raise TooManyFiles(f"A link takes {MAX_FILES:,} files at most.")
            self.files.add(*new)
            if len(new) > 1:
                ids = [str(file.pk) for file in new]
                record("link.files_added", self, by=by, name=new[0].name, more=len(new) - 1, files=ids)
            elif new:
                record("link.file_added", self, by=by, **_named(new[0]))

    def remove_file(self, file: File, *, by: "User") -> None:
        """Grant a file no longer, from the next download on. Safe to repeat."""
        with transaction.atomic():
            if self.items.filter(file=file).delete()[0]:
                record("link.file_removed", self, by=by, **_named(file))
                self.take_back(file_id=str(file.pk))


def _named(file: File) -> dict[str, str]:
    """How the record of a link speaks of a file, whose name may change."""
    return {"file": str(file.pk), "name": file.name}
