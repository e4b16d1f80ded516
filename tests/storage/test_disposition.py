"""The name a download is saved under, in any script, and with no way to add a header."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.storage.disposition import attachment, inline


def saved_as(header: str) -> str:
    """Return the name under which a browser saves it: the exact one if there is one (RFC 6266 section 4.3)."""
    return unquote(header.partition("filename*=UTF-8''")[2]) or header.split('"')[1]


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


@pytest.mark.parametrize("name", ["report.pdf", "résumé 日本語.txt", 'a "b" <c>.txt', "قائمة.txt", "🛫.txt"])
def test_others_get_the_exact_name(name: str) -> None:
    assert saved_as(attachment(name)) == name


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("\u202egpj.exe", "_gpj.exe"),
        ("\u200bdesktop.ini", "_desktop.ini"),
        (".bashrc", "_.bashrc"),
        ("..\\..\\a.txt", "_.._.._a.txt"),
        ("../a.txt", "_.._a.txt"),
        ("desktop.ini", "desktop.ini.download"),
        ("AutoRun.inf", "AutoRun.inf.download"),
        ("plan.LNK", "plan.LNK.download"),
        ("plan.lnk. ", "plan.lnk. .download"),
        ("plan.url", "plan.url.download"),
        ("plan.desktop", "plan.desktop.download"),
        ("plan.library-ms", "plan.library-ms.download"),
        ("setup.exe.local", "setup.exe.local.download"),
        (
            "plan.{ED7BA470-8E54-465E-825C-99712043E01C}",
            "plan.{ED7BA470-8E54-465E-825C-99712043E01C}.download",
        ),
        ("CON.txt", "_CON.txt"),
    ],
)
def test_a_strangers_name_does_not_act_where_a_browser_saves_it(name: str, saved: str) -> None:
    header = attachment(name)
    assert saved_as(header) == saved
    # Old clients, and `curl -OJ`, take the other one.
    assert attachment(name).split('"')[1].replace("_", "").replace("download", "").isascii()
    assert not header.split('"')[1].startswith(".")


def test_a_name_in_other_letters_does_not_act_once_it_is_ascii() -> None:
    assert 'filename="_.bashrc"' in attachment("\uff0ebashrc")
    assert 'filename="desktop.ini.download"' in attachment("\uff44esktop.ini")


def test_a_name_that_ascii_tells_is_given_once() -> None:
    assert attachment("report.pdf") == 'attachment; filename="report.pdf"'
    assert inline("report.pdf") == 'inline; filename="report.pdf"'


def test_a_name_of_which_nothing_is_left_in_ascii_leaves_old_clients_one() -> None:
    assert attachment("\u0301") == "attachment; filename=\"_\"; filename*=UTF-8''%CC%81"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_name_adds_a_header_or_a_parameter(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
