"""The settings of this instance, for the admin panel to show: no secret is told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sharing.environment import Environment
from sharing.wording import size

_SIZES = {"USER_QUOTA", "MAX_FILE_SIZE"}
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class ShownSetting:
    """One variable. `is_given` if the environment has it; else `value` is its default."""

    name: str
    value: str
    is_given: bool
    meaning: SafeString


def shown_settings(environment: Environment) -> Iterator[ShownSetting]:
    """Yield every setting in the order of the README's table."""
    for name, field in Environment.model_fields.items():
        is_given = name in environment.model_fields_set
        extra = field.json_schema_extra
        shown = extra["shown"] if isinstance(extra, dict) else None
        if not field.repr:
            value = _("set") if is_given else _("not set")
        elif shown and getattr(environment, name) in (None, ""):
            value = str(shown).replace("`", "")
        else:
            value = _in_words(name, getattr(environment, name))
        yield ShownSetting(name, value, is_given, _with_code(field.description or ""))


def _in_words(name: str, value: Any) -> str:
    if name in _SIZES:
        return size(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        value = ", ".join(value)
    return "—" if value in (None, "") else str(value)


def _with_code(text: str) -> SafeString:
    """Return the README's text in HTML: what stands in backticks is code."""
    html = _CODE.sub(lambda found: f"<code>{found[1]}</code>", escape(text))
    return mark_safe(html)  # noqa: S308 (it is escaped)
