"""Names, folders and types as people give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.files.errors import InvalidName
from sharing.files.models import UploadSpec
from sharing.files.names import parse_name, parse_path, parse_type

NAMES = [
    "a",
    ".env",
    'résumé 日本語 "x" \u202egpj.exe',
    "a\\b",
    "x" * 255,
    " padded ",
    "🛫.txt",
    "...",
    "قائمة.pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_exactly(name: str) -> None:
    assert parse_name(name) == name


@pytest.mark.parametrize("name", [" ", "\u00a0", "\u3000"])
def test_a_name_of_blanks_is_called_that(name: str) -> None:
    with pytest.raises(InvalidName, match="only spaces"):
        parse_name(name)


@pytest.mark.parametrize(
    "name", ["", "  ", "a/b", "/etc/passwd", ".", "..", "x" * 256, "a\nb", "a\x00b", "\ud800"]
)
def test_a_name_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidName):
        parse_name(name)


@pytest.mark.parametrize("path", ["", "photos", "photos/2026/été", "a b/..c"])
def test_a_relative_folder_is_kept(path: str) -> None:
    assert parse_path(path) == path


@pytest.mark.parametrize("path", ["/photos", "photos/", "a//b", "..", "a/../b", "./a", "a\r\nb", "x" * 1025])
def test_a_folder_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(InvalidName):
        parse_path(path)


@pytest.mark.parametrize(
    ("given_type", "kept"),
    [
        ("", "application/octet-stream"),
        ("Image/PNG", "image/png"),
        ("text/plain; charset=utf-8", "text/plain"),
    ],
)
def test_a_type_is_kept_without_parameters(given_type: str, kept: str) -> None:
    assert parse_type(given_type) == kept


@pytest.mark.parametrize(
    "given_type",
    [
        *(
            "png",
            "chemical",
            "a/b/c",
            "text/pla in",
            "application/x foo",
            "text/\r\nX-Evil: 1",
            "x" * 200 + "/y",
        ),
        *(
            f"application/{'x' * 79}",
            "text/\0",
            "\ud800/x",
            "/",
            "text/",
            "/plain",
            ";charset=x",
            "  ",
            "*/*",
        ),
    ],
)
def test_a_type_that_is_none_refuses_no_file(given_type: str) -> None:
    assert parse_type(given_type) == "application/octet-stream"


@given(st.text())
def test_whatever_a_system_calls_a_type_the_file_is_taken(text: str) -> None:
    assert parse_type(text).isascii()


@pytest.mark.parametrize(
    ("on_the_disk", "kept"),
    [("a\nb", "a_b"), ("a\x00b", "a_b"), ("a\ud800.txt", "a_.txt"), ("Icon\r", "Icon_"), ("a\x7f", "a_")],
)
def test_what_nobody_sees_in_a_name_refuses_no_file(on_the_disk: str, kept: str) -> None:
    assert UploadSpec(name=on_the_disk, path=on_the_disk, size=0).parsed().name == kept
    assert UploadSpec(name=on_the_disk, path=on_the_disk, size=0).parsed().path == kept


@given(st.text())
def test_whatever_passes_as_a_name_can_be_stored(text: str) -> None:
    try:
        name = parse_name(text)
    except InvalidName:
        return
    assert name == text
    assert "\x00" not in name.encode().decode()
