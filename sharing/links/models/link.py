"""A link: which files somebody without an account may download, until when, and how often."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from sharing import tokens
from sharing.addresses.passwords import PasswordProtected
from sharing.addresses.slugs import Slugged
from sharing.links.models.chat_preview import ChatPreviewed
from sharing.links.models.code_protection import CodeProtected
from sharing.links.models.deletion import Deletable
from sharing.links.models.download_limit import DownloadLimited
from sharing.links.models.extension import Extendable
from sharing.links.models.granting import Granting
from sharing.links.models.previews import Previewable
from sharing.links.models.querysets import LinkManagerBase
from sharing.links.models.revocation import Revocable
from sharing.links.models.state import Stateful
from sharing.links.models.texts import Titled
from sharing.links.models.view_count import ViewCounted
from sharing.links.waybill_number import waybill_number

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from sharing.accounts.models import User
    from sharing.links.contents import ContentsAnnotations

    # A link that comes from with_contents().
    CountedLink = WithAnnotations["Link", ContentsAnnotations]


class LinkManager(LinkManagerBase["Link"]):
    def with_contents(self) -> "models.QuerySet[CountedLink, CountedLink]":
        """Links with what they hold and their downloads, counted by the database in the one query."""
        return cast("models.QuerySet[CountedLink, CountedLink]", self.get_queryset().with_contents())


class Link(
    ChatPreviewed,
    CodeProtected,
    Deletable,
    DownloadLimited,
    Extendable,
    Granting,
    PasswordProtected,
    Previewable,
    Revocable,
    Slugged,
    Stateful,
    Titled,
    ViewCounted,
):
    """One waybill. Its token is computed from `public_id`, never stored: a dump of the database opens nothing."""

    noun = "link"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="links")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[LinkManager] = LinkManager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at"], name="link_newest"),
            models.Index(fields=["owner", "-created_at"], name="link_by_owner_newest"),
            # Reminders look for what expires within a day.
            models.Index(fields=["expires_at"], condition=models.Q(revoked_at=None), name="link_to_expire"),
        ]

    def __str__(self) -> str:
        return self.title or self.number

    def get_absolute_url(self) -> str:
        return reverse("link", args=[self.public_id])

    @property
    def number(self) -> str:
        """The number that is printed on the waybill. It names the link, and grants no access."""
        return waybill_number(self.public_id)

    @property
    def token(self) -> str:
        """The token of the plain address. A recipient has one of their own."""
        return tokens.mint("link", self.public_id)

    @property
    def url(self) -> str:
        """The plain address as it is copied and sent."""
        return f"{settings.SITE_URL}{self.path_by(self.token)}"

    def path_by(self, token: str) -> str:
        """Return the path of the landing page by this token, the link's own or a recipient's."""
        return reverse("landing", args=[self.address_by(token)])

    @property
    def is_locked(self) -> bool:
        """True if it needs more than the address: a password, a code, or both."""
        return bool(self.password) or self.asks_for_code

    def change_rules(self, rules: Mapping[str, Any], *, by: "User") -> None:
        """Change the rules that are given; the others stay. Takes one transaction. Raises InvalidRule.

        Their names are those of the API; `password` is in clear, "" for none.
        """
        verbs: dict[str, Callable[..., None]] = {
            "name": self.set_slug,
            "card_shows": self.show_on_card,
            "expires_at": self.expire_at,
            "download_limit": self.limit_downloads,
            "previews_allowed": self.allow_previews,
            "password": self.change_password,
            "asks_for_code": self.ask_for_code,
        }
        with transaction.atomic():
            self.reword(title=rules.get("title"), message=rules.get("message"), by=by)
            for rule, change in verbs.items():
                if rule in rules:
                    change(rules[rule], by=by)

    def set_password(self, password: str, *, by: "User") -> None:
        """Require a password, and stop the downloads of those who needed none. Raises InvalidPassword."""
        with transaction.atomic():
            super().set_password(password, by=by)
            self.stop_issued_downloads()
