"""No text is cut inside a character: neither between an emoji and what belongs to it, nor in its bytes."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.characters import characters, cut, cut_bytes
from sharing.mail.address_list import read_addresses
from sharing.pages.templatetags.waybill import shortened
from sharing.storage.saved_names import safe_name
from tests.factories import link_to, recorded_file

# Each is one character to whoever reads it.
WHOLE = [
    "😀",
    "👩\u200d👩\u200d👧\u200d👦",
    "👍🏽",
    "🇩🇪",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "❤️",
    "1️⃣",
    "e\u0301",
    "a\u0323\u0307",
    "नि",
    "\u1112\u1161\u11ab",
    "\r\n",
]


@pytest.mark.parametrize("character", WHOLE, ids=ascii)
def test_a_cut_keeps_a_character_whole_or_leaves_it_out(character: str) -> None:
    assert list(characters(f"a{character}z")) == ["a", character, "z"]
    text = "a" * 10 + character * 3
    for limit in range(10, len(text)):
        kept = cut(text, limit)
        assert kept == "a" * 10 + character * ((limit - 10) // len(character))
        assert shortened(text, limit + 1).rstrip("…") in {text, kept}
    size = len(character.encode())
    for limit in range(10, 10 + 3 * size):
        assert cut_bytes(text, limit) == "a" * 10 + character * ((limit - 10) // size)


def test_flags_stay_in_pairs() -> None:
    assert list(characters("🇩🇪🇫🇷🇮")) == ["🇩🇪", "🇫🇷", "🇮"]


def test_what_is_too_long_for_one_character_is_cut_all_the_same() -> None:
    assert len(cut("e" + "\u0301" * 500, 100)) == 100
    assert len(cut_bytes("e" + "\u0301" * 500, 100).encode()) <= 100


@given(st.text(max_size=40), st.integers(1, 40))
def test_a_cut_is_a_beginning_and_never_too_long(text: str, limit: int) -> None:
    assert text.startswith(cut(text, limit))
    assert len(cut(text, limit)) <= limit
    assert "".join(characters(text)) == text
    assert len(cut_bytes(text, limit).encode()) <= limit


@pytest.mark.django_db
def test_names_labels_and_mails_are_cut_between_characters(alice: User) -> None:
    family = "👩\u200d👩\u200d👧\u200d👦"
    title = "x" * 193 + family  # as long as a title may be
    link = link_to(recorded_file(alice), title="y" * 199 + "z")
    link.reword(title=title, message="", by=alice)
    assert Event.objects.latest("pk").subject_label.endswith(family)
    [person] = read_addresses(f"{'x' * 99}{family} <ann@example.com>").people
    assert person.name == "x" * 99
    assert safe_name("a" * 230 + family + ".txt") == "a" * 230 + ".txt"


def test_every_cut_of_text_is_made_there() -> None:
    """A slice from the beginning of what was just tidied is a cut; one that is none gets a name of its own."""
    tidying = {"one_line", "plain_lines", "visible", "strip", "str"}
    found = []
    for path in Path(settings.BASE_DIR, "sharing").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_cut = (
                isinstance(node, ast.Subscript)
                and isinstance(node.slice, ast.Slice)
                and node.slice.lower is None
            )
            if is_cut and isinstance(node.value, ast.Call):  # type: ignore[attr-defined]
                called = node.value.func  # type: ignore[attr-defined]
                if getattr(called, "id", getattr(called, "attr", "")) in tidying:
                    found.append(f"{path}:{node.lineno}")  # type: ignore[attr-defined]
    templates = Path(settings.BASE_DIR, "templates").rglob("*.*")
    found += [str(path) for path in templates if "truncate" in path.read_text()]
    assert found == []
