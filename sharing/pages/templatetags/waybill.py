"""Template filters and tags that write sizes, times and names."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django import template
from django.contrib.messages.storage.base import Message
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.characters import cut
from sharing.files.views.changes import UNDO
from sharing.pages.script_texts import script_texts_url
from sharing.wording import count, grouped, size, times, visible

if TYPE_CHECKING:
    from sharing.accounts.models import User
    from sharing.links.models import Recipient

register = template.Library()
register.filter("size", size)
register.filter("visible", visible)
register.filter("count", count)
register.filter("grouped", grouped)
register.filter("times", times)

# From so many days on, hours say nothing more.
MANY_DAYS = 10


register.simple_tag(script_texts_url)


@register.filter
def shortened(text: str, limit: int) -> str:
    """Return at most so many characters, with an ellipsis if something was cut. No character is cut in two."""
    return cut(str(text), limit, ending="…")


@register.filter
def joined(text: str) -> str:
    """Return the text in one line: each line break, with the spaces around it, becomes one space.

    For `{% filter joined %}`, where a sentence of a mail is longer than a line of its template.
    """
    return re.sub(r"\s*\n\s*", " ", text).strip()


@register.filter
def exact_size(value: int) -> str:
    """Return the exact size: `4,820,000,000 bytes`."""
    return count(value, "byte")


@register.filter
def size_element(value: int | str | None) -> SafeString:
    """Return the rounded size, with the exact one on hover."""
    if value is None or isinstance(value, str):
        return SafeString("")
    return format_html('<data value="{}" title="{}">{}</data>', value, exact_size(value), size(value))


@register.filter
def left(moment: datetime | None) -> str:
    """Return the time left in its two largest units, `3 d 4 h`; `No expiry` for None, `none` once it has passed."""
    if moment is None:
        return _("No expiry")
    now = timezone.now()
    minutes = (moment - now) // timedelta(minutes=1)
    if moment <= now:
        return _("none")
    if not minutes:
        return _("under 1 min")
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days >= MANY_DAYS:
        hours = 0
    words = {
        (True, True): _("%(days)s d %(hours)s h"),
        (True, False): _("%(days)s d"),
        (False, True): _("%(hours)s h %(minutes)s min") if minutes else _("%(hours)s h"),
        (False, False): _("%(minutes)s min"),
    }[bool(days), bool(hours)]
    return words % {"days": days, "hours": hours, "minutes": minutes}


@register.filter
def moment(value: datetime | str | None, style: str = "") -> SafeString:
    """Return a `<time>` in UTC, which the page's script shows in the reader's own zone and language.

    With the style `relative` the script writes `3 hours ago` and keeps the exact time for hovering.
    Takes ISO 8601 too, as events keep it.
    """
    if not value:
        return SafeString("")
    value = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)
    return format_html(
        '<local-time data-style="{}"><time datetime="{}">{} UTC</time></local-time>',
        style or "exact",
        value.isoformat(timespec="seconds"),
        date_format(value, "DATETIME_FORMAT"),
    )


@register.filter
def with_email(person: "User | Recipient") -> str:
    """Return name and address of a user or a recipient: `Ann (ann@example.com)`, or the address alone."""
    return f"{visible(person.name)} ({person.email})" if person.name else person.email


@register.filter
def people(recipients: Sequence["Recipient"]) -> str:
    """Return names in a sentence: `ann, bob and carl`."""
    return get_text_list([visible(recipient.label) for recipient in recipients], _("and"))


@register.filter
def people_element(recipients: Sequence["Recipient"]) -> SafeString:
    """Return the same as markup, each name in a direction of its own."""
    names: list[str] = [format_html("<bdi>{}</bdi>", visible(recipient.label)) for recipient in recipients]
    return SafeString(get_text_list(names, _("and")))


KINDS = {
    "image": gettext_lazy("Picture"),
    "video": gettext_lazy("Video"),
    "audio": gettext_lazy("Audio"),
    "text": gettext_lazy("Text"),
    "font": gettext_lazy("Font"),
    "application/pdf": gettext_lazy("Document"),
    "application/msword": gettext_lazy("Document"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": gettext_lazy("Document"),
    "application/vnd.oasis.opendocument.text": gettext_lazy("Document"),
    "application/zip": gettext_lazy("Archive"),
    "application/gzip": gettext_lazy("Archive"),
    "application/x-tar": gettext_lazy("Archive"),
    "application/x-7z-compressed": gettext_lazy("Archive"),
}


@register.filter
def kind(content_type: str) -> str:
    """Return a media type in a word: `Picture`, `Archive`; `File` for all others."""
    return str(KINDS.get(content_type) or KINDS.get(content_type.partition("/")[0]) or _("File"))


@register.filter
def undo_address(message: Message) -> str:
    """Return the URL that undoes what a message tells of; "" where that cannot be undone."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


@register.filter
def below(path: str, folder: str) -> str:
    """Return the rest of a path that leads through this folder: `may` for `photos/may` below `photos`."""
    return path[len(folder) :].removeprefix("/")


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, *pairs: object) -> str:
    """Return this page's query with some parameters changed, given as name, value, name, value; None leaves one out.

    The names of a listing's parameters have a dash, which Django's own `querystring` cannot write.
    """
    query: QueryDict = context["request"].GET.copy()
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        query.pop(str(name), None)
        if value is not None:
            query[str(name)] = str(value)
    return f"?{query.urlencode()}"
