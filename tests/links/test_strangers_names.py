"""A stranger's names in a shell: neither files.sh nor the lines of curl touch what their reader has.

A sender called files `.bashrc` and `.ssh/authorized_keys`, and they were written into the home folder in which a
terminal opens.
"""

import os
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from sharing.accounts.models import User
from sharing.links.models import Download, Link
from tests.factories import link_to, sent_file
from tests.links.test_script import SHELLS, run, saved, text_of
from tests.programs import program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
MINE = {".bashrc": b"mine", ".ssh/authorized_keys": b"mine", "notes.txt": b"mine"}


@pytest.fixture
def site(bucket: object, transactional_db: None, live_server: object, settings: LazySettings) -> None:
    settings.SITE_URL = live_server.url  # type: ignore[attr-defined]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    program("curl")
    home = tmp_path / "home"
    for name, body in MINE.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(body)
    return home


@pytest.fixture
def link(alice: User) -> Link:
    files = [
        sent_file(alice, b"theirs", name=".bashrc"),
        sent_file(alice, b"theirs", name="authorized_keys", path=".ssh"),
        sent_file(alice, b"theirs", name="notes.txt"),
    ]
    return link_to(*files, title="Quarter")


def lines_of(link: Link, client: Client | None = None) -> str:
    page = (client or Client()).get(link.path_by(link.token)).content.decode()
    [lines] = re.findall(r'<code id="command"[^>]*>(.+?)</code>', page, re.DOTALL)
    return unescape(re.sub(r"</?span>", "", lines))


def curl(lines: str, folder: Path, *, shell: tuple[str, ...] = ("sh",)) -> subprocess.CompletedProcess[str]:
    command = [*shell, "-c", lines]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_makes_a_folder_of_its_own(link: Link, home: Path, shell: tuple[str, ...]) -> None:
    program(shell[0], is_on_ci=False)
    (home.parent / "files.sh").write_text(text_of(link))
    for downloads in (3, 3):
        ended = subprocess.run(
            [*shell, "../files.sh"], cwd=home, capture_output=True, text=True, check=False, timeout=120
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        assert Download.objects.count() == downloads
    assert {*saved(home)} == {
        *MINE,
        "Quarter/.waybill",
        "Quarter/_.bashrc",
        "Quarter/_.ssh/authorized_keys",
        "Quarter/notes.txt",
    }
    assert {name: body for name, body in saved(home).items() if name in MINE} == MINE


def test_a_script_goes_into_no_folder_that_was_there(link: Link, home: Path) -> None:
    (home / "Quarter").mkdir()
    (home / "Quarter (2)").symlink_to("nowhere")
    (home / "Quarter (3)").symlink_to(".")
    (home / ".waybill").write_text(link.public_id)
    (home / "Quarter (4)").write_text("mine")
    text = text_of(link)
    (home.parent / "files.sh").write_text(text)
    for _ in range(2):
        subprocess.run(["sh", "../files.sh"], cwd=home, check=True, capture_output=True)
    assert not [*(home / "Quarter").iterdir()]
    assert (home / "Quarter (4)").read_text() == "mine"
    assert (home / "Quarter (5)/notes.txt").read_bytes() == b"theirs"
    assert not [*home.glob("Quarter (6)")]
    assert {name: body for name, body in saved(home).items() if name in MINE} == MINE


def test_of_two_links_of_one_title_each_has_its_folder(link: Link, alice: User, home: Path) -> None:
    other = link_to(sent_file(alice, b"other", name="other.txt"), title="Quarter")
    for each in (link, other, link):
        (home.parent / "files.sh").write_text(text_of(each))
        subprocess.run(["sh", "../files.sh"], cwd=home, check=True, capture_output=True)
    assert saved(home)["Quarter (2)/other.txt"] == b"other"
    assert not [*home.glob("Quarter (3)")]


def test_a_file_that_is_there_and_differs_is_kept_and_told_of(link: Link, home: Path) -> None:
    ended = run(text_of(link), home, "--dots", ".")
    assert ended.returncode == 1
    assert {"./.bashrc", "./.ssh/authorized_keys", "./notes.txt"} <= {*ended.stderr.splitlines()}
    assert saved(home) == MINE
    # Nothing was downloaded for nothing, either.
    assert not Download.objects.exists()


def test_names_have_their_dots_for_who_asks_for_them(link: Link, tmp_path: Path) -> None:
    assert run(text_of(link), tmp_path / "to", "--dots", "new/here").returncode == 0
    assert {*saved(tmp_path / "to/new/here")} == {".bashrc", ".ssh/authorized_keys", "notes.txt"}


@pytest.mark.parametrize("words", [("--dotted",), ("-x",), ("a", "b"), ("",)])
def test_what_a_script_does_not_know_it_refuses(link: Link, tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = run(text_of(link), tmp_path / "to", *words)
    assert (ended.returncode, saved(tmp_path / "to")) == (2, {})
    assert ended.stderr.startswith("Usage: ")


def test_no_link_to_elsewhere_is_followed(alice: User, tmp_path: Path) -> None:
    elsewhere, to = tmp_path / "elsewhere", tmp_path / "to"
    elsewhere.mkdir()
    to.mkdir()
    (elsewhere / "same.txt").write_bytes(b"theirs")
    (to / "folder").symlink_to(elsewhere)
    (to / "dangling.txt").symlink_to(elsewhere / "made.txt")
    (to / "same.txt").symlink_to(elsewhere / "same.txt")
    (to / "file").write_bytes(b"mine")
    link = link_to(
        sent_file(alice, b"theirs", name="a.txt", path="folder/inner"),
        sent_file(alice, b"theirs", name="b.txt", path="folder"),
        sent_file(alice, b"theirs", name="c.txt", path="file"),
        sent_file(alice, b"theirs", name="dangling.txt"),
        sent_file(alice, b"theirs", name="same.txt"),
        sent_file(alice, b"theirs", name="fine.txt", path="new"),
    )
    ended = run(text_of(link), to)
    assert ended.returncode == 1
    told = {"./folder/inner/a.txt", "./folder/b.txt", "./file/c.txt", "./dangling.txt", "./same.txt"}
    assert told <= {*ended.stderr.splitlines()}
    assert {path.name for path in elsewhere.iterdir()} == {"same.txt"}
    assert saved(to)["new/fine.txt"] == b"theirs"
    assert Download.objects.count() == 1


def test_what_comes_there_while_a_file_is_downloaded_is_kept(alice: User, tmp_path: Path) -> None:
    link = link_to(sent_file(alice, b"theirs", name="notes.txt"))
    curl = tmp_path / "bin/curl"
    curl.parent.mkdir()
    real = program("curl")
    curl.write_text(f'#!/bin/sh\nprintf mine >notes.txt\nexec {real} "$@"\n')
    curl.chmod(0o755)
    ended = run(text_of(link), tmp_path / "to", PATH=f"{curl.parent}:{os.environ['PATH']}")
    assert ended.returncode == 1
    assert saved(tmp_path / "to")["notes.txt"] == b"mine"


def test_what_was_cut_off_goes_on(link: Link, home: Path) -> None:
    (home.parent / "files.sh").write_text(text_of(link))
    command = ["sh", "../files.sh"]
    # A disk that is full after the first file, so to speak.
    subprocess.run(command, cwd=home, check=True, capture_output=True)
    (home / "Quarter/notes.txt").unlink()
    ended = subprocess.run(command, cwd=home, check=True, capture_output=True, text=True)
    assert ended.stdout.count("Already there: ") == 2
    assert saved(home)["Quarter/notes.txt"] == b"theirs"


@pytest.mark.parametrize(
    ("title", "folder"),
    [
        ("../../out", "_.._.._out"),
        (".config", "_.config"),
        ("-rf", "-rf"),
        ("$(touch owned)`touch owned`'", "$(touch owned)`touch owned`'"),
        ("\x1b[2Jtitle", "_[2Jtitle"),
        ("CON", "_CON"),
        ("日本 ünï", "日本 ünï"),
        ("t" * 200, "t" * 200),
    ],
)
def test_a_link_s_title_is_nothing_but_a_name(alice: User, home: Path, title: str, folder: str) -> None:
    text = text_of(link_to(sent_file(alice, b"theirs", name="a.txt"), title=title))
    (home.parent / "files.sh").write_text(text)
    ended = subprocess.run(["sh", "../files.sh"], cwd=home, capture_output=True, check=True)
    assert {*saved(home)} == {*MINE, f"{folder}/a.txt", f"{folder}/.waybill"}
    assert b"\x1b" not in ended.stdout + ended.stderr + text.encode()


@pytest.mark.parametrize("password", ["", "o'pen sesame"])
@pytest.mark.parametrize("shell", SHELLS)
def test_the_lines_of_curl_make_a_folder_of_their_own(
    alice: User, home: Path, shell: tuple[str, ...], password: str
) -> None:
    program(shell[0], is_on_ci=False)
    names = [".bashrc", "notes.txt", "-rf", "$(touch owned)", "it's.txt", "CON", "a\\b:c", "NOTES.TXT"]
    link = link_to(*(sent_file(alice, name.encode(), name=name) for name in names), password=password)
    browser = Client()
    browser.post(link.path_by(link.token), {"password": password})
    lines = lines_of(link, browser).replace("password='put", f'password="{password}" # \'')
    ended = curl(lines, home, shell=shell)
    assert ended.returncode == 0, ended.stderr
    found = saved(home)
    assert {name: body for name, body in found.items() if name in MINE} == MINE
    given = {name: body for name, body in found.items() if name not in MINE}
    assert sorted(given.values()) == sorted(map(str.encode, names))
    assert {Path(name).parts[0] for name in given} == {f"waybill-{link.public_id}"}
    assert not [*home.rglob("owned")]


def test_a_line_of_curl_by_itself_replaces_nothing(link: Link, home: Path) -> None:
    for line in lines_of(link).splitlines():
        assert curl(line, home).returncode == 0
        [file] = re.findall(r"f=(\S+);", line)
        (home / file.strip("'")).write_bytes(b"changed since")
        again = curl(line, home)
        assert again.returncode != 0
        assert again.stderr
        assert (home / file.strip("'")).read_bytes() == b"changed since"
        (home / file.strip("'")).unlink()
        (home / file.strip("'")).symlink_to(home / "made")
        assert curl(line, home).returncode != 0
    assert not (home / "made").exists()


def test_a_line_of_curl_that_fails_leaves_nothing_and_can_be_run_again(link: Link, home: Path) -> None:
    [line, *_] = lines_of(link).splitlines()
    wrong = line.replace("/download/", "/nothing/")
    assert curl(wrong, home).returncode != 0
    assert curl(line, home).returncode == 0
