"""The state of a request: whether it takes files now, and if not, why."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sharing.addresses.expiry import expired
from sharing.requests.models.base import FileRequestBase
from sharing.requests.models.upload_limits import full
from sharing.site.current import site


class State(models.TextChoices):
    OPEN = "open", _("Open")
    EXPIRED = "expired", _("Expired")
    CLOSED = "closed", _("Closed")
    FULL = "full", _("Full")
    NO_ROOM = "no_room", _("Out of storage")
    SUSPENDED = "suspended", _("On hold")

    @property
    def mark(self) -> str:
        """The state of links that it is drawn like (static/css/components/states.css)."""
        if self in {State.NO_ROOM, State.SUSPENDED}:
            return "suspended"
        return {State.CLOSED: "withdrawn", State.FULL: "used_up"}.get(self, self.value)


class Stateful(FileRequestBase):
    """Tells the `state` of one request. `state_rules()` decides it for a queryset, in the same order."""

    class Meta:
        abstract = True

    @property
    def state(self) -> State:
        """The first state that holds. Takes no query where the owner is loaded."""
        if not self.owner.is_active:
            return State.SUSPENDED
        if self.closed_at:
            return State.CLOSED
        if self.is_expired:
            return State.EXPIRED
        if self.is_full:
            return State.FULL
        return State.OPEN if self.owner.free_bytes else State.NO_ROOM

    @property
    def takes_files(self) -> bool:
        """True if the state is open: usable, not full, and with room in the quota. From what is loaded."""
        return self.state == State.OPEN


def state_rules() -> dict[State, Q]:
    """Return the condition of each state, in the order in which they are asked."""
    own_quota_used = Q(owner__quota__lte=F("owner__used_bytes"))
    site_quota_used = Q(owner__quota=None, owner__used_bytes__gte=site.user_quota)
    return {
        State.SUSPENDED: Q(owner__is_active=False),
        State.CLOSED: Q(closed_at__isnull=False),
        State.EXPIRED: expired(),
        State.FULL: full(),
        State.NO_ROOM: own_quota_used | site_quota_used,
        State.OPEN: Q(),
    }
