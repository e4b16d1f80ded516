"""The settings that staff may change at run time, as every process knows them: `site.signup`, `site.user_quota`.

What was changed in the admin panel goes before the environment: docs/decisions/0020-let-staff-change-settings.md.
"""

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext as _

from sharing.site.accent import Accent, accent_of
from sharing.site.models import SiteSetting

# How long a process goes on with what it knows before it asks the database again.
KEPT_SECONDS = 3
# The largest LONGEST_EXPIRY_DAYS, which is as good as none.
MAX_EXPIRY_DAYS = 366

logger = logging.getLogger(__name__)


class SiteLink(NamedTuple):
    label: str
    url: str


class Site:
    """Reads each setting from what staff changed, else from the environment. Takes one query in KEPT_SECONDS."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed: Mapping[str, Any] | None = None
        self._asked_at = 0.0

    @property
    def changed(self) -> Mapping[str, Any]:
        """Return the changed values by name. Goes on with the last known ones while the database is away."""
        known = self._changed
        if known is not None and time.monotonic() - self._asked_at < KEPT_SECONDS:
            return known
        # One thread asks; the others wait only if nothing is known yet.
        if not self._lock.acquire(blocking=known is None):
            return known or {}
        try:
            self._asked_at = time.monotonic()
            self._changed = dict(SiteSetting.objects.values_list("name", "value"))
        except Error:
            logger.warning("The site's settings cannot be read; the last known ones apply", exc_info=True)
            self._changed = known or {}
        finally:
            self._lock.release()
        return self._changed

    def forget(self) -> None:
        """Ask the database at the next use. Other processes do within KEPT_SECONDS."""
        self._changed = None

    def _value(self, name: str) -> Any:
        changed = self.changed
        return changed[name] if name in changed else getattr(settings, name)

    @property
    def signup(self) -> str:
        """Return who may make an account: `open`, `invite` or `closed`."""
        return str(self._value("SIGNUP"))

    @property
    def user_quota(self) -> int:
        """Return the bytes of a user who has no quota of their own."""
        return int(self._value("USER_QUOTA"))

    @property
    def default_expiry(self) -> str:
        """Return the preset of new links for users without a default of their own."""
        return str(self._value("DEFAULT_EXPIRY"))

    @property
    def longest_expiry_days(self) -> int:
        return int(self._value("LONGEST_EXPIRY_DAYS") or MAX_EXPIRY_DAYS)

    @property
    def links_may_live_forever(self) -> bool:
        """Return True if links need no expiry. A longest expiry alone forbids that."""
        if "LONGEST_EXPIRY_DAYS" in self.changed:
            return not self.changed["LONGEST_EXPIRY_DAYS"]
        return bool(settings.LINKS_MAY_LIVE_FOREVER)

    @property
    def name(self) -> str:
        return str(self._value("SITE_NAME"))

    @property
    def accent(self) -> Accent | None:
        """Return the colour that replaces the built-in one."""
        colour = str(self._value("ACCENT_COLOUR"))
        return accent_of(colour) if colour else None

    @property
    def greeting(self) -> str:
        return str(self._value("GREETING"))

    @property
    def links(self) -> list[SiteLink]:
        """Return the pages of the operator's that every page names."""
        labels = {"IMPRINT_URL": _("Imprint"), "PRIVACY_URL": _("Privacy"), "ABUSE_URL": _("Report abuse")}
        links = (SiteLink(label, str(self._value(name))) for name, label in labels.items())
        return [link for link in links if link.url]


site = Site()
