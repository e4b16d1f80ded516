"""The state and the label of a link, which depend on what it holds."""

from typing import Any, Protocol

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.addresses.expiry import expired
from sharing.links.contents import Contents, Counts
from sharing.links.models.base import LinkBase
from sharing.wording import grouped


class WithContents(Counts, Protocol):
    """A link of with_contents(). Mypy refuses any other where a state or a label is read."""

    @property
    def contents(self) -> Contents: ...

    @property
    def state(self) -> "Stateful.State": ...

    def state_with(self, contents: Contents) -> "Stateful.State": ...

    def label_with(self, contents: Contents) -> str: ...


class Stateful(LinkBase):
    """Tells `state` and `label` of a link with its contents. Takes no query."""

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("Open")
        ARRIVING = "arriving", gettext_lazy("Uploading")
        EXPIRED = "expired", gettext_lazy("Expired")
        USED_UP = "used_up", gettext_lazy("Used up")
        REVOKED = "revoked", gettext_lazy("Revoked")
        WITHDRAWN = "withdrawn", gettext_lazy("Files removed")
        SUSPENDED = "suspended", gettext_lazy("On hold")

        @property
        def is_listed_open(self) -> bool:
            """True for a link whose files can be downloaded, now or once they have arrived."""
            return self in {type(self).OPEN, type(self).ARRIVING}

    class Meta:
        abstract = True

    @property
    def contents(self: Counts) -> Contents:
        return Contents.counted(self)

    @property
    def state(self: WithContents) -> State:
        return self.state_with(self.contents)

    @property
    def is_listed_open(self: WithContents) -> bool:
        """True if the state is open or on its way. From what is loaded; is_usable() asks the database."""
        return self.state.is_listed_open

    @property
    def label(self: WithContents) -> str:
        return self.label_with(self.contents)

    def state_with(self, contents: Contents) -> State:
        """Return the first state that holds with these contents. `state_rules()` decides it for a queryset."""
        if self.revoked_at:
            return self.State.REVOKED
        if not self.owner.is_active:
            return self.State.SUSPENDED
        if not contents.count:
            return self.State.WITHDRAWN
        if self.is_expired:
            return self.State.EXPIRED
        if contents.ready_count < contents.count:
            return self.State.OPEN if contents.ready_count else self.State.ARRIVING
        return self.State.OPEN if contents.available_count else self.State.USED_UP

    def label_with(self, contents: Contents) -> str:
        """Return the title, or else the first file's name and the number of the others."""
        if self.title or not contents.count:
            return str(self)
        others = contents.count - 1
        if not others:
            return contents.first_name
        return _("%(name)s and %(n)s more") % {"name": contents.first_name, "n": grouped(others)}


def present_items() -> "models.QuerySet[Any]":
    """Return the items of each link whose files are not deleted, for a subquery."""
    items = apps.get_model("links", "Item").objects
    return items.filter(link=OuterRef("pk"), file__deleted_at=None).order_by()


def state_rules() -> dict[Stateful.State, Q]:
    """Return the condition of each state, in the order in which they are asked.

    They look at the items of a link only as far as they must, and count none.
    """
    state = Stateful.State
    present = present_items()
    ready = present.filter(file__ready_at__isnull=False)
    unspent = ready.filter(download_count__lt=OuterRef("download_limit"))
    return {
        state.REVOKED: Q(revoked_at__isnull=False),
        state.SUSPENDED: Q(owner__is_active=False),
        state.WITHDRAWN: Q(~Exists(present)),
        state.EXPIRED: expired(),
        # Without a limit nothing is ever used up.
        state.USED_UP: Q(
            ~Exists(present.filter(file__ready_at=None)), ~Exists(unspent), download_limit__isnull=False
        ),
        state.ARRIVING: Q(~Exists(ready)),
        state.OPEN: Q(),
    }
