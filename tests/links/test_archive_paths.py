"""The paths of an archive: whatever the names, every system and program can unpack all of it, each file for itself.

A file `report` beside a folder `report/` could be unpacked by none.
"""

import subprocess
import time
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sharing.files.models import File
from sharing.links.archive_paths import ArchivePaths, archive_paths
from sharing.storage.saved_names import safe_name
from tests.programs import program

# Whatever parse_name() and parse_path() take, and what other buckets' keys may hold.
CHARS = st.characters(exclude_categories=["Cs"], exclude_characters="/")
TRICKY = st.sampled_from([
    "report", "Report", "report.", "report ", "report (2)", "report:", "report?", "re\u200dport", "report (2).txt",
    "con", "CON.txt", "_con", "aux.c", "com¹", "NUL", "a\\b", "~", "-rf", "Not in this archive.txt",
    "é", "e\u0301", "É", "ß", "SS", "ı", "i", "İ", "\u212a", "k", "ﬁ", "\u202e.txt", "\ufeff", "\u0338",
    "x" * 255, "x" * 254 + "é", "é" * 255, "🛫" * 255, "a" * 235 + ".lnk" + "z" * 30,
    ".", "..", ".git", "_.git", ". ", " ", "desktop.ini", "Desktop.ini.download", "a.lnk",
])  # fmt: skip
NAMES = st.text(CHARS, min_size=1, max_size=12) | TRICKY
FILES = st.tuples(st.lists(NAMES, max_size=4).map("/".join), NAMES)
# Of APPNOTE's 64 KiB and the systems' 255, 1,024 and 4,096 bytes the ones that matter.
MAX_STEP, MAX_PATH = 255, 1024 - 150
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{digit}" for name in ("com", "lpt") for digit in "0123456789¹²³"),
}


def of(*names: tuple[str, str]) -> list[File]:
    return [File(name=name, path=path) for path, name in names]


def folded(path: str) -> str:
    """As a disk compares that heeds neither case nor how letters are composed, by Windows' rules for ends of names."""
    steps = (step.rstrip(". ") for step in path.split("/"))
    return "/".join(
        unicodedata.normalize("NFC", unicodedata.normalize("NFC", step).casefold()) for step in steps
    )


@settings(deadline=None, max_examples=300)
@given(st.lists(FILES, max_size=20), st.booleans())
@example([("", "report"), ("report", "a"), ("REPORT/x", "a"), ("", "Report (2)"), ("report (2)", "b")], False)
@example([("A", "x"), ("a", "y"), ("a", "X"), ("é", "x"), ("e\u0301", "x")], False)
@example([("/".join("x" * 255 for _ in range(4)), "y" * 255)] * 3, False)
def test_whatever_the_names_no_two_paths_are_one_and_none_leads_through_a_file(
    names: list[tuple[str, str]], keep_dots: bool
) -> None:
    archive = ArchivePaths(of(*names), keep_dots=keep_dots, reserved=[".waybill"])
    paths = [*archive.paths, archive.unique("Not in this archive.txt")]
    assert len(paths) == len(names) + 1
    seen = {folded(path) for path in paths}
    assert len(seen | {".waybill"}) == len(paths) + 1
    folders = {folded(str(folder)) for path in paths for folder in PurePosixPath(path).parents}
    assert not seen & folders
    for path in paths:
        assert len(path.encode()) <= MAX_PATH
        for step in path.split("/"):
            assert 0 < len(step.encode()) <= MAX_STEP
            assert step == step.strip(" ").rstrip(". ")
            assert step not in {".", ".."}
            assert keep_dots or not step.startswith(".")
            assert step.partition(".")[0].rstrip(" ").casefold() not in RESERVED
            assert not set(step) & {*'<>:"|?*\\', *map(chr, range(32)), "\x7f"}
            assert not step.casefold().endswith(("desktop.ini", ".lnk", ".url", ".scf", ".desktop"))


def test_a_file_beside_a_folder_of_its_name_gets_a_number() -> None:
    files = of(("", "report"), ("report", "a.txt"), ("Report", "b.txt"), ("", "a.txt"), ("a.txt", "c"))
    assert archive_paths(files) == ["report (3)", "report/a.txt", "Report (2)/b.txt", "a (2).txt", "a.txt/c"]


def test_files_of_one_folder_stay_together_and_those_of_two_apart() -> None:
    files = of(("src", "a"), ("SRC", "a"), ("src", "b"), ("SRC/x", "a"), ("e\u0301", "a"), ("é", "b"))
    assert archive_paths(files) == ["src/a", "SRC (2)/a", "src/b", "SRC (2)/x/a", "é/a", "é/b"]


def test_names_that_configure_or_act_do_not() -> None:
    files = of((".git", "config"), ("", "desktop.ini"), ("a.{645FF040-5081-101B-9F08-00AA002F954E}", "b"))
    assert archive_paths(files) == [
        "_.git/config",
        "desktop.ini.download",
        "a.{645FF040-5081-101B-9F08-00AA002F954E}.download/b",
    ]


def test_ten_thousand_files_of_one_name_are_numbered_at_once() -> None:
    paths = archive_paths(of(*[("", "a.txt")] * 10_000))
    assert (paths[1], paths[-1], len(set(paths))) == ("a (2).txt", "a (10000).txt", 10_000)


def test_the_longest_names_in_the_deepest_folders_take_no_long_time() -> None:
    long = "\u1e9b\u0323" * 100  # composed, decomposed and folded to other characters
    deep = "/".join([long] * 4)
    files = of(*((f"{number}/{deep}", f"{number}{long}") for number in range(5000)))
    begun = time.process_time()
    assert len(set(archive_paths(files))) == len(files)
    assert time.process_time() - begun < 5


@settings(deadline=None)
@given(NAMES)
def test_a_safe_name_is_safe_already(name: str) -> None:
    assert safe_name(safe_name(name)) == safe_name(name)


TOGETHER = [
    *(("", name) for name in ("report", "REPORT", "report (2)", "é", "e\u0301", "con", "a.", "a ", "a", "-rf")),
    *(("", name) for name in (".git", "x" * 255)),
    *(("report", name) for name in ("a", "A", "desktop.ini", "b:c", "b_c")),
    *(("Report/inner", name) for name in ("report", "日本語.txt")),
    ("/".join("y" * 250 for _ in range(4)), "z" * 255),
    ("../../x", ".."),
    ("", "Not in this archive.txt"),
]  # fmt: skip
UNPACKERS: dict[str, Callable[[Path, Path], list[str]]] = {
    "unzip": lambda archive, to: ["-q", str(archive), "-d", str(to)],
    "7z": lambda archive, to: ["x", "-bd", f"-o{to}", str(archive)],
    "bsdtar": lambda archive, to: ["-xf", str(archive), "-C", str(to)],
}


@pytest.fixture
def bodies() -> dict[str, bytes]:
    archive = ArchivePaths(of(*TOGETHER))
    return {path: path.encode() for path in [*archive.paths, archive.unique("Not in this archive.txt")]}


@pytest.fixture
def archive(tmp_path: Path, bodies: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path, body in bodies.items():
            archive.writestr(path, body)
    return tmp_path / "all.zip"


def found(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", UNPACKERS)
def test_programs_unpack_every_file(
    name: str, archive: Path, bodies: dict[str, bytes], tmp_path: Path
) -> None:
    to = tmp_path / "to"
    to.mkdir()
    words = UNPACKERS[name](archive, to)
    subprocess.run([program(name), *words], check=True, capture_output=True, env={"LC_ALL": "C.UTF-8"})
    assert found(to) == bodies


def test_python_unpacks_every_file(archive: Path, bodies: dict[str, bytes], tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "to")
    assert found(tmp_path / "to") == bodies
