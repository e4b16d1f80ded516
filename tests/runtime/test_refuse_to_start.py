"""A start that is impossible says so in a sentence: a newer database, a home that cannot be written."""

import os
import pwd
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from sharing.storage.embedded import free_ports
from tests.runtime.instance import own_environment

STARTS = {
    "serve": ["manage.py", "serve"],
    "worker": ["manage.py", "db_worker", "--batch"],
    "scheduler": ["manage.py", "scheduler"],
    "web": ["-m", "gunicorn", "sharing.wsgi"],
}
COMMANDS = STARTS | {
    "doctor": ["manage.py", "doctor"],
    "reconcile": ["manage.py", "reconcile"],
    "createsuperuser": ["manage.py", "createsuperuser", "--noinput", "--email", "ann@example.com"],
}


WORK_ON_ROWS = STARTS | {
    "reconcile": ["manage.py", "reconcile"],
    "presign": ["manage.py", "presign", "WB·7K2F·Q9XM·3T8V/1"],
}


def start(
    command: list[str], home: Path, *, user: str | None = None, ports: list[int] | None = None
) -> subprocess.CompletedProcess[str]:
    ports = ports or free_ports(2)
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=own_environment(
            home,
            PORT=str(ports[0]),
            BUCKET_PORT=str(ports[1]),
            DJANGO_SUPERUSER_PASSWORD="correct horse battery",
            PYTHONDONTWRITEBYTECODE="1",
        ),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        user=user,
    )


def require_sentence(ended: subprocess.CompletedProcess[str], sentence: str) -> None:
    said = ended.stdout + ended.stderr
    assert ended.returncode != 0
    assert sentence in said
    assert "Traceback" not in said
    assert "Waybill is ready" not in said


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose tables are made."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    assert start(["manage.py", "migrate", "-v0"], home).returncode == 0
    return home


@pytest.mark.parametrize("migration", [("files", "9999_of_tomorrow"), ("tokens", "0001_initial")])
@pytest.mark.parametrize("command", WORK_ON_ROWS.values(), ids=WORK_ON_ROWS)
def test_an_older_version_does_not_start_on_a_newer_database(
    home: Path, tmp_path: Path, command: list[str], migration: tuple[str, str]
) -> None:
    shutil.copytree(home, newer := tmp_path / "home")
    with sqlite3.connect(newer / "waybill.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2099-01-01')", migration
        )
    database.close()
    require_sentence(
        start(command, newer),
        "Waybill can't start: the database was last used by a newer version of Waybill",
    )


def test_what_a_library_no_longer_ships_is_no_newer_version(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, other := tmp_path / "home")
    with sqlite3.connect(other / "waybill.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('account', '0000_squashed', '2020-01-01')"
        )
        database.execute("CREATE TABLE waybill_cache (cache_key TEXT PRIMARY KEY, value TEXT, expires TEXT)")
    database.close()
    assert start(["manage.py", "db_worker", "--batch", "--no-startup-delay"], other).returncode == 0


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_file_in_place_of_the_home_is_named(tmp_path: Path, command: list[str]) -> None:
    (home := tmp_path / "home").write_text("I am a file.")
    require_sentence(start(command, home), f"{home}")


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can start a command as somebody else.")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_home_of_somebody_else_is_named(tmp_path: Path, command: list[str]) -> None:
    if not _can_run_as_nobody():
        pytest.skip("Nobody else may read this folder.")
    home = tmp_path / "home"  # in a folder that pytest keeps for whoever runs it
    require_sentence(start(command, home, user="nobody"), f"{home}")


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can start a command as somebody else.")
def test_a_port_that_needs_rights_is_not_called_taken() -> None:
    least = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if not _can_run_as_nobody() or not least.exists() or int(least.read_text()) <= 81:
        pytest.skip("Nobody else may read this folder, or anybody may take this port.")
    with tempfile.TemporaryDirectory() as folder:  # not among those that pytest keeps for whoever runs it
        shutil.chown(folder, "nobody")
        ended = start(STARTS["serve"], Path(folder) / "home", user="nobody", ports=[81, *free_ports(1)])
    require_sentence(ended, "Waybill can't start: port 81 needs administrator rights.")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_file_in_place_of_the_database_is_named(tmp_path: Path, command: list[str]) -> None:
    home = tmp_path / "home"
    (home / "waybill.sqlite3").mkdir(parents=True)
    if command in (STARTS["web"], STARTS["worker"], STARTS["scheduler"]):
        pytest.skip("These wait for a database that is away.")
    ended = start(command, home)
    assert ended.returncode != 0
    assert "Traceback" not in ended.stdout + ended.stderr


def _can_run_as_nobody() -> bool:
    names = {entry.pw_name for entry in pwd.getpwall()}
    if "nobody" not in names:
        return False
    tried = [sys.executable, "-c", "import django, sharing.home"]
    try:
        ended = subprocess.run(tried, cwd=settings.BASE_DIR, user="nobody", check=False, capture_output=True)
    except PermissionError:
        return False
    return ended.returncode == 0


def test_app_and_bucket_on_one_port_are_told_apart(home: Path) -> None:
    [port] = free_ports(1)
    ended = start(STARTS["serve"], home, ports=[port, port])
    require_sentence(ended, f"PORT and BUCKET_PORT are both {port}.")
