"""The name a download is saved under, in any script, and with no way to add a header."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.storage.disposition import attachment


@pytest.mark.parametrize(
    ("name", "ascii_name"),
    [
        ("report.pdf", "report.pdf"),
        ("résumé.pdf", "resume.pdf"),
        ("日本語.txt", "___.txt"),
        ('say "hi".txt', "say _hi_.txt"),
        ("50%.txt", "50_.txt"),
    ],
)
def test_old_clients_get_a_name_in_ascii(name: str, ascii_name: str) -> None:
    assert f'filename="{ascii_name}"' in attachment(name)


@pytest.mark.parametrize("name", ["report.pdf", "résumé 日本語.txt", 'a "b" \\ c.txt', "قائمة.txt", "🛫.txt"])
def test_others_get_the_exact_name(name: str) -> None:
    assert unquote(attachment(name).partition("filename*=UTF-8''")[2]) == name


def test_marks_that_turn_the_reading_direction_are_replaced() -> None:
    assert unquote(attachment("\u202egpj.exe").partition("filename*=UTF-8''")[2]) == "_gpj.exe"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_name_adds_a_header_or_a_parameter(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
