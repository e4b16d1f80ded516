"""Formats sizes, counts and names for people: on pages, in mails, in the admin, in errors."""

import re
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

KILO = 1000
UNITS = ("kB", "MB", "GB", "TB", "PB")
# From here on an amount rounds to 1000, which is 1 of the next unit.
FULL_UNIT = 999.5

# Unicode's Bidi_Control property (UAX #9), marks without a width, control characters, and the separators of lines and
# paragraphs: they make a name read as another.
_HIDDEN = {
    *range(0x20),
    *range(0x7F, 0xA0),
    *(0x2028, 0x2029),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *(0x200E, 0x200F, 0x061C),
    *(0x00AD, 0x180E, 0x200B, 0x2060, 0xFEFF),
}
# One character that hides. A list of 5,000 names has a million characters, too many to look at each in Python.
HIDING = re.compile(f"[{re.escape(''.join(map(chr, sorted(_HIDDEN))))}]")


def size(value: int | str | None) -> str:
    """Return bytes in decimal units, to three figures: `4.82 GB`, `412 kB`, `1 byte`.

    "" for None, and for a template's variable that is not set.
    """
    if value is None or isinstance(value, str):
        return ""
    if value < KILO:
        return count(value, "byte")
    amount, unit = value / KILO, 0
    while amount >= FULL_UNIT and unit < len(UNITS) - 1:
        amount, unit = amount / KILO, unit + 1
    return f"{_three_figures(amount)} {UNITS[unit]}"


def grouped(number: int) -> str:
    """Return a number with its thousands grouped: `2,000`."""
    return formats.number_format(number, force_grouping=True)


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 file`, `2,000 files`."""
    return _of_noun(noun, number) % {"n": grouped(number)}


def _of_noun(noun: str, n: int) -> str:
    """Return the noun in the form that this number takes, in the language of the page. Others stay English."""
    text = f"%(n)s {noun}{'' if n == 1 else 's'}"
    match noun:
        case "byte":
            text = ngettext("%(n)s byte", "%(n)s bytes", n)
        case "day":
            text = ngettext("%(n)s day", "%(n)s days", n)
        case "file":
            text = ngettext("%(n)s file", "%(n)s files", n)
        case "link":
            text = ngettext("%(n)s link", "%(n)s links", n)
        case "minute":
            text = ngettext("%(n)s minute", "%(n)s minutes", n)
        case "time":
            text = ngettext("%(n)s time", "%(n)s times", n)
    return text


def times(n: int) -> str:
    """Return `once`, `twice`, `3 times`."""
    if n == 1:
        return _("once")
    return _("twice") if n == 2 else count(n, "time")


def _three_figures(amount: float) -> str:
    decimals = next((decimals for decimals, limit in ((2, 9.995), (1, 99.95)) if amount < limit), 0)
    figures = f"{amount:.{decimals}f}"
    return formats.number_format(Decimal(figures.rstrip("0").rstrip(".") if decimals else figures))


def visible(name: object) -> str:
    """Return a name in which control and direction characters show as their codes: `[U+202E]`."""
    return "".join(f"[U+{ord(char):04X}]" if hides(char) else char for char in str(name))


def hides(char: str) -> bool:
    """Return True if a character can make a name read as another one."""
    return ord(char) in _HIDDEN


def one_line(text: str) -> str:
    """Return a text for a mail's header: one line (RFC 5322 section 2.2), without hidden characters."""
    return " ".join("".join(" " if char.isspace() else "" if hides(char) else char for char in text).split())


def plain_lines(text: str) -> str:
    """Return a text of several lines without hidden characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(char for char in line if char == "\t" or not hides(char)) for line in lines)
