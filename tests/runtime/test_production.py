"""Promises of production settings."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.runtime.instance import own_environment

BEHIND_A_PROXY = {"SITE_URL": "https://files.example.com", "TRUSTED_PROXY_COUNT": "1"}


def test_djangos_deployment_check_is_clean(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = own_environment(tmp_path, **BEHIND_A_PROXY)
    ended = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout


def test_a_page_waits_for_the_lock_of_sqlite_less_long_than_a_task(tmp_path: Path) -> None:
    ask = (
        "from django.db import connection as c; "
        "c.ensure_connection(); print(*c.connection.execute('PRAGMA busy_timeout').fetchone())"
    )
    for begin, milliseconds in (("import sharing.wsgi", 5000), ("import django; django.setup()", 10_000)):
        ended = subprocess.run(
            [sys.executable, "-c", f"{begin}; {ask}"],
            cwd=settings.BASE_DIR,
            env={**own_environment(tmp_path), "DJANGO_SETTINGS_MODULE": "sharing.settings"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ended.stdout.split() == [str(milliseconds)], begin


def test_a_proxy_that_is_not_believed_is_warned_of(tmp_path: Path) -> None:
    environment = own_environment(tmp_path, **(BEHIND_A_PROXY | {"TRUSTED_PROXY_COUNT": "0"}))
    for command in (["manage.py", "check"], ["-c", "import sharing.wsgi"]):
        ended = subprocess.run(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "TRUSTED_PROXY_COUNT is 0. All visitors share one rate limit" in ended.stderr, command
