"""Parses lists of e-mail addresses that people type, or paste from a mail client."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr, quote

from django.core.exceptions import ValidationError

from sharing.characters import cut
from sharing.mail.address import MAX_EMAIL, check, tidied
from sharing.wording import one_line

__all__ = ["MAX_EMAIL", "MAX_NAME", "Person", "Reading", "TooManyAddresses", "mailbox", "read_addresses"]

MAX_NAME = 100
# More than any list of recipients has; each takes some time to read.
MAX_PIECES = 1000
# A name and an address; what is longer is neither.
_LONGEST_PIECE = 1000
# One address, as far as the separators tell: within quotes and angle brackets they separate nothing. Both are short,
# since one that never ends would be looked for from each of its characters again.
_PIECE = re.compile(r'(?:"(?:\\.|[^"\\\n]){0,300}+"|<[^<>\n]{0,300}+>|[^,\n])++')


class TooManyAddresses(Exception):
    """The text names more than MAX_PIECES people."""


@dataclass(frozen=True)
class Person:
    """A name, which may be empty, and a valid address as it was written."""

    email: str
    name: str = ""


@dataclass(frozen=True)
class Reading:
    """The people in a text, each once, and the pieces that are no address."""

    people: list[Person]
    wrong: list[str]


def read_addresses(text: str) -> Reading:
    """Parse people separated by lines, commas or semicolons: `Ann Smith <ann@example.com>; bob@example.com`.

    Upper and lower case make no difference between two addresses; the first way of writing one is kept.
    Raises TooManyAddresses before it reads any.
    """
    people: dict[str, Person] = {}
    wrong: list[str] = []
    pieces = _pieces(text)
    if len(pieces) > MAX_PIECES:
        raise TooManyAddresses
    for piece in pieces:
        person = _person(piece)
        if person is None:
            wrong.append(piece)
        else:
            people.setdefault(person.email.lower(), person)
    return Reading(list(people.values()), wrong)


def mailbox(email: str, name: str = "") -> str:
    """Return an address for a header, its name quoted where it must be (RFC 5322 section 3.4)."""
    return str(Address(one_line(name), addr_spec=email))


def _pieces(text: str) -> list[str]:
    found: list[str] = []
    for line in re.split(r"[;\r\n]+", text):
        begun: list[str] = []
        for part in filter(None, map(str.strip, _PIECE.findall(line))):
            if "@" not in part:
                begun.append(part)
            elif "<" in part:
                # Outlook copies `Smith, Ann <ann@example.com>`: what has no address belongs to the one that follows.
                found.append(", ".join([*begun, part]))
                begun = []
            else:
                found += [*begun, *_apart(part)]
                begun = []
        found += begun
    return found


def _apart(part: str) -> list[str]:
    """Split bare addresses that have nothing but spaces between them."""
    words = part.split()
    return words if all("@" in word and "<" not in word for word in words) else [part]


def _person(piece: str) -> Person | None:
    if len(piece) > _LONGEST_PIECE:
        return None
    name, bracket, rest = piece.rpartition("<")
    if bracket:
        # A name is quoted anew, since `ann@example.com <ann@example.com>` is common and no mailbox.
        piece = f'"{quote(_unquoted(name))}" <{tidied(rest)}>'
    elif not re.search(r".\(", piece):  # in brackets after an address stands a name (RFC 5322 section 3.2.2)
        piece = tidied(piece)
    name, email = parseaddr(piece)
    if email not in piece:
        return (
            None  # parseaddr closes gaps: it would guess ann@example.com where `ann@exa mple.com` is written
        )
    email = tidied(email)  # of `http://ann@example.com` the slashes are left
    try:
        check(email)
    except ValidationError:
        return None
    name = cut(one_line(name), MAX_NAME)
    return Person(email, "" if name.lower() == email.lower() else name)


def _unquoted(name: str) -> str:
    name = name.strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1]
    return name.replace('\\"', '"').replace("\\\\", "\\")
