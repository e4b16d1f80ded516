"""The settings of this instance, for the admin panel to show: no secret is told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sharing.environment import Environment
from sharing.mail.composing import default_sender
from sharing.site.current import site
from sharing.wording import size

_SIZES = {"USER_QUOTA", "MAX_FILE_SIZE"}
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class ShownSetting:
    """One variable: its value in words, and where that comes from."""

    name: str
    value: str
    origin: str
    meaning: SafeString


def shown_settings(environment: Environment) -> Iterator[ShownSetting]:
    """Yield every setting in the order of the README's table."""
    for name, field in Environment.model_fields.items():
        is_given = name in environment.model_fields_set
        given = getattr(environment, name)
        extra = field.json_schema_extra
        shown = extra["shown"] if isinstance(extra, dict) else None
        if not field.repr:
            value = _("set") if is_given else _("not set")
        elif name in site.changed:
            value = _in_words(name, site.changed[name])
        elif name == "LINKS_MAY_LIVE_FOREVER":
            value = _in_words(name, site.links_may_live_forever)
        elif shown and given in (None, ""):
            value = str(shown).replace("`", "")
        elif name == "MAIL_FROM":
            value = default_sender()
        else:
            value = _in_words(name, given)
        yield ShownSetting(name, value, _origin(name, is_given=is_given), _with_code(field.description or ""))


def _origin(name: str, *, is_given: bool) -> str:
    if name in site.changed:
        return _("Changed here")
    return _("Environment") if is_given else _("Default")


def _in_words(name: str, value: Any) -> str:
    if name in _SIZES:
        return size(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        value = ", ".join(value)
    if name == "LONGEST_EXPIRY_DAYS" and not value:
        return _("none")
    return "—" if value in (None, "") else str(value)


def _with_code(text: str) -> SafeString:
    """Return the README's text in HTML: what stands in backticks is code."""
    html = _CODE.sub(lambda found: f"<code>{found[1]}</code>", escape(text))
    return mark_safe(html)  # noqa: S308 (it is escaped)
