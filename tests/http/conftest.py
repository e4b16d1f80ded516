"""The web server alone, started as the README says: `gunicorn sharing.wsgi`."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from sharing.storage.embedded import free_ports
from tests.bucket_client import http
from tests.runtime import orphans
from tests.runtime.instance import START_SECONDS, own_environment


@dataclass
class Web:
    port: int
    temporary: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """True if it answers a request within eight seconds; it ends unfinished requests after ten."""
        with contextlib.suppress(OSError, Exception):
            return http.request("GET", f"{self.url}/livez", timeout=8).status == 200
        return False


@pytest.fixture(scope="package")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("web")
    (folder / "tmp").mkdir()
    [port] = free_ports(1)
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "sharing.wsgi"],
        cwd=settings.BASE_DIR,
        env=own_environment(folder / "home", PORT=str(port), TMPDIR=str(folder / "tmp")),
        start_new_session=True,
    )
    orphans.watch(process.pid)
    web = Web(port, folder / "tmp")
    try:
        deadline = time.monotonic() + START_SECONDS
        while not web.answers():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield web
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        orphans.forget(process.pid)
