"""Views that are not written yet are written when a process is told to stop."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from tests.bucket_client import http
from tests.runtime.instance import Instance, own_environment, running

pytestmark = pytest.mark.slow

MAKE = """
from sharing.accounts.models import User
from tests.factories import link_to, recorded_file
link = link_to(recorded_file(User.objects.create_user("alice@example.com")))
print(link.path_by(link.token))
"""


def test_a_view_of_the_last_moment_is_not_lost(tmp_path: Path) -> None:
    with running(Instance(tmp_path / "home")) as instance:
        made = subprocess.run(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", MAKE],
            cwd=settings.BASE_DIR,
            env=own_environment(
                instance.home, PORT=str(instance.port), BUCKET_PORT=str(instance.bucket_port)
            ),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        for _ in range(3):
            assert http.request("GET", instance.url + made.stdout.strip()).status == 200
        instance.signal(signal.SIGTERM)
        assert instance.wait() == 0
        assert views(instance.home) == 3


def views(home: Path) -> int:
    with closing(sqlite3.connect(home / "waybill.sqlite3")) as database:
        [count] = database.execute("SELECT sum(view_count) FROM links_link").fetchone()
    return int(count)
