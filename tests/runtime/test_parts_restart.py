"""The database and the cache restart, or are away for a while: nothing ends for it, and pages say what is away."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import urllib3
from django.conf import settings

from sharing.storage.embedded import free_ports
from tests.bucket_client import http
from tests.postgres import CARELESS, cluster, unprivileged_user
from tests.postgres import find_program as find_postgres_program
from tests.postgres import program as postgres_program
from tests.programs import fail_on_ci_else_skip, program
from tests.runtime.instance import Instance, own_environment, running

pytestmark = pytest.mark.slow

CSRF = "a" * 32
MAKE = """
from datetime import timedelta
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from sharing.accounts.models import User
from tests.factories import link_to, recorded_file
alice = User.objects.create_user("alice@example.com")
session = SessionStore()
session[SESSION_KEY] = str(alice.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = alice.get_session_auth_hash()
session.save()
ended, locked, alive = (link_to(recorded_file(alice)) for _ in range(3))
ended.revoke(by=alice)
locked.set_password("secret word", by=alice)
print(session.session_key, ended.url, locked.url, alive.url)
"""


@dataclass
class Redis:
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", "."],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@dataclass
class Postgres:
    folder: Path
    url: str

    def stop(self) -> None:
        self._run("--mode=fast", "stop")

    def start(self) -> None:
        options = [f"port={urlsplit(self.url).port}", "listen_addresses=127.0.0.1", *CARELESS]
        given = " ".join(f"-c {option}" for option in options)
        self._run(
            "--log", str(self.folder / "log"), "--options", f"{given} -c unix_socket_directories=''", "start"
        )

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """None of its processes runs: connections stay, and answer nothing."""
        [leader, *_] = (self.folder / "data" / "postmaster.pid").read_text().split()
        children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
        processes = [int(pid) for pid in (leader, *children)]
        for pid in processes:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in processes:
                os.kill(pid, signal.SIGCONT)

    def _run(self, *arguments: str) -> None:
        subprocess.run(
            [
                postgres_program("pg_ctl"),
                "--silent",
                "--wait",
                "--pgdata",
                str(self.folder / "data"),
                *arguments,
            ],
            check=True,
            user=unprivileged_user(),
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )


@dataclass
class Site:
    instance: Instance
    postgres: Postgres
    redis: Redis
    session: str = ""
    ended: str = ""
    locked: str = ""
    alive: str = ""

    def get(self, path: str) -> urllib3.BaseHTTPResponse:
        return http.request("GET", self.instance.url + path, redirect=False)

    def post(self, path: str, **options: object) -> urllib3.BaseHTTPResponse:
        return self.ask("POST", path, **options)

    def ask(self, method: str, path: str, **options: object) -> urllib3.BaseHTTPResponse:
        """As Alice, who is signed in."""
        headers = {
            "Cookie": f"waybill-{self.instance.port}={self.session}; waybill-csrf-{self.instance.port}={CSRF}",
            "X-CSRFToken": CSRF,
        }
        return http.request(method, self.instance.url + path, headers=headers, redirect=False, **options)  # type: ignore[arg-type]

    def start_upload(self) -> urllib3.BaseHTTPResponse:
        return self.post("/api/v1/uploads/", json={"name": "a.txt", "size": 5})

    def with_every_thread(self, ask: Callable[[], urllib3.BaseHTTPResponse]) -> set[int]:
        """The statuses of more requests at once than there are threads."""
        with ThreadPoolExecutor(40) as pool:
            return {future.result().status for future in [pool.submit(ask) for _ in range(120)]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    program("redis-server")
    if find_postgres_program("initdb") is None:
        fail_on_ci_else_skip("There is no PostgreSQL on this machine: install it to run the test.")
    folder = tmp_path_factory.mktemp("restarting")
    redis = Redis(folder, free_ports(1)[0])
    redis.start()
    try:
        # Not among pytest's own folders, into which the user that PostgreSQL runs as may not look.
        with tempfile.TemporaryDirectory(prefix="waybill-postgres-") as data, cluster(Path(data)) as url:
            variables = {
                "DATABASE_URL": url.removesuffix("/waybill") + "/postgres?connect_timeout=30",
                "CACHE_URL": f"redis://127.0.0.1:{redis.port}/0",
            }
            served = Instance(folder / "home")
            # So that the console tells each task that went well.
            served.variables = {**variables, "LOG_LEVEL": "DEBUG"}
            with running(served) as instance:
                site = Site(instance, Postgres(Path(data), url), redis)
                made = subprocess.run(
                    [sys.executable, "manage.py", "shell", "-v0", "-c", MAKE],
                    cwd=settings.BASE_DIR,
                    env=own_environment(
                        instance.home,
                        PORT=str(instance.port),
                        BUCKET_PORT=str(instance.bucket_port),
                        **variables,
                    ),
                    check=True,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                words = made.stdout.split()[-4:]
                site.session = words[0]
                site.ended, site.locked, site.alive = (urlsplit(address).path for address in words[1:])
                yield site
    finally:
        redis.kill()


def until(ask: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not ask():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_after_a_restart_of_the_database_no_connection_is_dead(site: Site) -> None:
    assert site.with_every_thread(lambda: site.get(site.alive)) == {200}
    site.postgres.stop()
    site.postgres.start()
    assert site.with_every_thread(lambda: site.get(site.alive)) == {200}
    assert site.with_every_thread(site.start_upload) == {201}


def test_while_the_database_is_away_pages_say_so_and_nothing_ends(site: Site) -> None:
    site.postgres.stop()
    try:
        page = site.get(site.alive)
        assert (page.status, page.headers["Retry-After"]) == (503, "5")
        assert b"The database is not responding" in page.data
        answer = site.start_upload()
        assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
        assert answer.json()["type"] == "/problems/database-unavailable"
        for signed_in in (site.get, partial(site.ask, "GET")):
            assert signed_in("/livez").status == 200
            assert signed_in("/readyz").json()["database"] == "failing"
        site.instance.wait_for_line("The database is not responding, trying again")
    finally:
        site.postgres.start()
    until(lambda: site.get("/readyz").status == 200)
    assert site.instance.process.poll() is None
    # The worker works again: the scheduler gives it something each minute.
    site.instance.wait_for_line("state=SUCCESSFUL", seconds=90)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="It reads /proc.")
def test_a_database_that_is_frozen_is_not_waited_for(site: Site) -> None:
    assert site.with_every_thread(lambda: site.get(site.alive)) == {200}
    with site.postgres.frozen():
        page = site.get(site.alive)
        assert (page.status, page.headers["Retry-After"]) == (503, "5")
        answer = site.start_upload()
        assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
        assert site.get("/readyz").json()["database"] == "failing"
        assert site.with_every_thread(lambda: site.get("/livez")) == {200}
        assert site.with_every_thread(lambda: site.get(site.alive)) == {503}
    until(lambda: site.get("/readyz").status == 200)
    until(lambda: site.with_every_thread(lambda: site.get(site.alive)) == {200})
    assert site.with_every_thread(site.start_upload) == {201}
    assert site.instance.process.poll() is None


def test_a_statement_that_is_slow_is_waited_for(site: Site) -> None:
    """Here for three seconds for a lock: the server answers on other connections meanwhile."""
    with psycopg.connect(site.instance.variables["DATABASE_URL"]) as other, ThreadPoolExecutor(1) as pool:
        other.execute("LOCK TABLE files_file IN ACCESS EXCLUSIVE MODE")
        page = pool.submit(site.get, site.alive)
        with pytest.raises(TimeoutError):
            page.result(timeout=3)
        other.rollback()
        assert page.result().status == 200


def test_after_a_restart_of_the_cache_no_connection_is_dead(site: Site) -> None:
    assert site.with_every_thread(site.start_upload) == {201}
    site.redis.kill()
    site.redis.start()
    until(lambda: site.get("/readyz").status == 200)
    assert site.with_every_thread(site.start_upload) == {201}


@pytest.mark.parametrize("how", ["killed", "hangs"])
def test_while_the_cache_is_away_only_what_it_counts_is_refused(site: Site, how: str) -> None:
    assert site.redis.process
    if how == "killed":
        site.redis.kill()
    else:
        site.redis.process.send_signal(signal.SIGSTOP)
    try:
        assert site.get("/readyz").json() == {"database": "ok", "cache": "failing", "bucket": "ok"}
        assert site.get(site.alive).status == 200
        assert site.get(site.ended).status == 410
        assert site.get(f"{site.alive}progress/").status == 200
        assert site.start_upload().status == 201
        # Guesses at a password are counted there, so nobody may guess now.
        guess = site.post(site.locked, fields={"password": "secret word"}, encode_multipart=False)
        assert (guess.status, guess.headers["Retry-After"]) == (503, "5")
    finally:
        with suppress(ProcessLookupError):
            site.redis.process.send_signal(signal.SIGCONT)
        if how == "killed":
            site.redis.start()
    until(lambda: site.get("/readyz").status == 200)
