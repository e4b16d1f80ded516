"""A script for a shell, run as people run it: against the site and the real bucket."""

import os
import re
import subprocess
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Download, Item, Link, OneTimeCode, Recipient
from sharing.mail.address_list import Person
from sharing.storage.bucket import Bucket
from tests.factories import link_to, recorded_file, send_parts, sent_file, started_upload
from tests.programs import program

pytestmark = pytest.mark.django_db
PASSWORD = "o'pen $(touch owned) & sesame"
HOSTILE = [
    "$(touch owned).txt",
    "`touch owned`",
    "a'; touch owned; '.txt",
    "-rf",
    '"; touch owned; "',
    "~",
    "$HOME",
    "*",
]
MODIFIED = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
# More than the page has a command for, each.
MANY = 21
# As a login shell of several systems runs a script. Of the last three not all are on every machine.
SHELLS = [("sh",), ("dash",), ("bash", "--posix"), ("busybox", "sh"), ("zsh", "--emulate", "sh"), ("mksh",)]
IN_PARTS = b"0123456789abcdef" * 1_100_000


@pytest.fixture
def site(bucket: Bucket, transactional_db: None, live_server: Any, settings: LazySettings) -> None:
    settings.SITE_URL = live_server.url


def text_of(link: Link, client: Client | None = None) -> str:
    answer = (client or Client()).get(reverse("landing_script", args=[link.token]))
    assert answer.status_code == 200
    return answer.content.decode()


def run(
    text: str, folder: Path, *words: str, shell: tuple[str, ...] = ("sh",), **variables: str
) -> subprocess.CompletedProcess[str]:
    """In this folder, into which the files go unless `words` say otherwise."""
    (folder.parent / "files.sh").write_text(text)
    folder.mkdir(exist_ok=True)
    environment = {"PATH": os.environ["PATH"], **variables}
    program("curl")
    command = [*shell, "../files.sh", *(words or ["."])]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def saved(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.usefixtures("site")
def test_hostile_names_are_nothing_but_names(alice: User, tmp_path: Path, shell: tuple[str, ...]) -> None:
    program(shell[0], is_on_ci=False)
    files = [sent_file(alice, name.encode(), name=name, path="$(touch owned)/-x") for name in HOSTILE]
    run_once = run(text_of(link_to(*files)), tmp_path / "to", shell=shell)
    assert (run_once.returncode, run_once.stderr) == (0, "")
    found = saved(tmp_path / "to")
    assert set(found.values()) == {name.encode() for name in HOSTILE}
    assert {Path(path).parent for path in found} == {Path("$(touch owned)/-x")}
    assert not [*tmp_path.rglob("owned")]


@pytest.mark.usefixtures("site")
def test_the_page_s_own_line_fetches_it_and_all_files(alice: User, tmp_path: Path) -> None:
    link = link_to(*(sent_file(alice, b"%d" % number, name=f"{number}.txt") for number in range(MANY)))
    page = Client().get(link.path_by(link.token)).content.decode()
    program("curl")
    [line] = re.findall(r'<code id="command"[^>]*>(.+?)</code>', page)
    subprocess.run(["sh", "-c", unescape(line)], cwd=tmp_path, check=True, capture_output=True)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"waybill-{link.public_id}.sh",
        f"Waybill {link.public_id}",
    }
    found = saved(tmp_path / f"Waybill {link.public_id}")
    assert {name: body for name, body in found.items() if name != ".waybill"} == {
        f"{number}.txt": b"%d" % number for number in range(MANY)
    }


@pytest.mark.usefixtures("site")
def test_every_byte_is_checked_and_what_is_right_is_skipped(alice: User, tmp_path: Path) -> None:
    upload = started_upload(alice, len(IN_PARTS))
    send_parts(upload, IN_PARTS)
    upload.complete()
    File.objects.filter(pk=upload.file.pk).update(modified_at=MODIFIED)
    link = link_to(upload.file, sent_file(alice, b"one", name="one.txt", path="år"), sent_file(alice, b"two"))
    assert run(text_of(link), tmp_path / "to").returncode == 0
    assert saved(tmp_path / "to") == {"film.mov": IN_PARTS, "år/one.txt": b"one", "hello.txt": b"two"}
    assert Download.objects.count() == 3
    assert (tmp_path / "to" / "film.mov").stat().st_mtime == MODIFIED.timestamp()
    (tmp_path / "to" / "hello.txt").write_bytes(b"owt")
    (tmp_path / "to" / "film.mov").write_bytes(IN_PARTS[:-1] + b"x")
    again = run(text_of(link), tmp_path / "to")
    assert "Already there: ./år/one.txt" in again.stdout
    assert again.returncode == 1
    assert {"./film.mov", "./hello.txt"} <= {*again.stderr.splitlines()}
    assert saved(tmp_path / "to")["film.mov"] == IN_PARTS[:-1] + b"x"
    assert saved(tmp_path / "to")["hello.txt"] == b"owt"
    assert Download.objects.count() == 3


@pytest.mark.usefixtures("site")
def test_it_goes_on_and_names_what_failed(alice: User, tmp_path: Path) -> None:
    gone = sent_file(alice, name="gone.txt")
    link = link_to(gone, sent_file(alice, name="last.txt"))
    text = text_of(link)
    link.remove_file(gone, by=alice)
    ended = run(text, tmp_path / "to")
    assert ended.returncode == 1
    assert "./gone.txt" in ended.stderr.splitlines()
    assert {*saved(tmp_path / "to")} == {"last.txt"}


@pytest.mark.usefixtures("site")
def test_other_bytes_than_the_bucket_s_are_not_kept(alice: User, tmp_path: Path) -> None:
    file, other = sent_file(alice, b"right", name="right.txt"), sent_file(alice, b"wrong", name="wrong.txt")
    text = text_of(link_to(file, other))
    key = other.object_key
    File.objects.filter(pk=other.pk).update(object_key="files/elsewhere")
    File.objects.filter(pk=file.pk).update(object_key=key)
    ended = run(text, tmp_path / "to")
    assert ended.returncode == 1
    assert saved(tmp_path / "to") == {}


@pytest.mark.usefixtures("site")
def test_a_password_comes_from_the_environment_and_a_limit_holds(alice: User, tmp_path: Path) -> None:
    link = link_to(sent_file(alice), sent_file(alice, name="b.txt"), password=PASSWORD, download_limit=1)
    visitor = Client()
    assert visitor.get(reverse("landing_script", args=[link.token])).status_code == 403
    visitor.post(link.path_by(link.token), {"password": PASSWORD})
    text = text_of(link, visitor)
    assert PASSWORD not in text
    assert run(text, tmp_path / "wrong", WAYBILL_PASSWORD="wrong").returncode == 1
    assert run(text, tmp_path / "to", WAYBILL_PASSWORD=PASSWORD).returncode == 0
    assert {*saved(tmp_path / "to")} == {"hello.txt", "b.txt"}
    assert run(text, tmp_path / "again", WAYBILL_PASSWORD=PASSWORD).returncode == 1


@pytest.mark.usefixtures("site")
def test_a_recipient_s_downloads_are_known_by_name(alice: User, tmp_path: Path) -> None:
    link = link_to(sent_file(alice), sent_file(alice, name="b.txt"))
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com")], by=alice)
    text = Client().get(reverse("landing_script", args=[ann.token])).content.decode()
    assert run(text, tmp_path / "to").returncode == 0
    assert list(Download.objects.values_list("recipient", flat=True)) == [ann.pk, ann.pk]


def test_reading_it_spends_nothing(alice: User, visitor: Client) -> None:
    link = link_to(recorded_file(alice), recorded_file(alice, name="b.txt"), download_limit=1)
    assert text_of(link, visitor).count("\nfetch ") == 2
    assert visitor.post(reverse("landing_script", args=[link.token])).status_code == 405
    assert not Download.objects.exists()


def test_there_is_none_where_a_code_is_asked_for(alice: User) -> None:
    link = link_to(recorded_file(alice), recorded_file(alice, name="b.txt"))
    link.ask_for_code(True, by=alice)
    [ann] = Recipient.objects.mail(link, [Person("ann@example.com")], by=alice)
    assert Client().get(reverse("landing_script", args=[ann.token])).status_code == 403
    # Nor for a browser that the code has let in: a shell is another one.
    browser = Client()
    code = OneTimeCode.objects.create(recipient=ann)
    browser.post(reverse("landing", args=[ann.token]), {"code": code.digits})
    assert browser.get(reverse("landing", args=[ann.token])).status_code == 200
    assert browser.get(reverse("landing_script", args=[ann.token])).status_code == 403


def test_it_lists_what_is_open_alone(alice: User, visitor: Client) -> None:
    used_up, left = recorded_file(alice), recorded_file(alice, name="b.txt")
    moving = started_upload(alice, len(IN_PARTS), name="c.txt").file
    link = link_to(used_up, left, moving, download_limit=1)
    Item.objects.filter(file=used_up).update(download_count=1)
    text = text_of(link, visitor)
    assert re.findall(r"^fetch (\S+)", text, re.MULTILINE) == [str(left.pk)]
    page = visitor.get(link.url).content.decode()
    assert re.findall(r"files/([-0-9a-f]+)/download/ \|\|", page) == [str(left.pk)]
