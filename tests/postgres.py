"""Run the tests that use the database on PostgreSQL: the one that DATABASE_URL names, else a throw-away one.

All other tests would do there what they do in `make test`: pytest-django keeps them from the database.

`python -m tests.postgres [what pytest takes]`
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sharing.storage.embedded import free_ports

# Nobody reads this database after the tests, so it need not survive a power cut. Tests of plans rely on statistics of
# their own.
CARELESS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]


def main() -> int:
    # As an exception it passes through the `with` below, which stops the cluster.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    if os.environ.get("DATABASE_URL"):
        return run_pytest(os.environ["DATABASE_URL"])
    with tempfile.TemporaryDirectory(prefix="waybill-postgres-") as folder, cluster(Path(folder)) as url:
        # Nothing need be dropped before the cluster is: a thread that ends late may still hold a connection.
        return run_pytest(url, "--reuse-db")


def run_pytest(url: str, *options: str) -> int:
    command = [sys.executable, "-m", "pytest", "-p", "tests.database_only", *options, *sys.argv[1:]]
    return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A PostgreSQL with its data in `folder`, on a free port of 127.0.0.1; gives its URL."""
    user = unprivileged_user()
    if user:
        shutil.chown(folder, user)
    [port] = free_ports(1)
    data = str(folder / "data")
    options = " ".join(f"-c {option}" for option in [f"port={port}", "listen_addresses=127.0.0.1", *CARELESS])
    control = [program("pg_ctl"), "--silent", "--wait", "--pgdata", data]

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    run(
        program("initdb"),
        "--pgdata",
        data,
        "--username=waybill",
        "--auth=trust",
        "--no-sync",
        "--encoding=UTF8",
    )
    log = str(folder / "log")
    run(*control, "--log", log, "--options", f"{options} -c unix_socket_directories=''", "start")
    try:
        yield f"postgres://waybill@127.0.0.1:{port}/waybill"
    finally:
        run(*control, "--mode=immediate", "stop")


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def find_program(name: str) -> str | None:
    """Return the path of a PostgreSQL program: on PATH, or where Debian puts it, the newest first."""
    hidden = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or next(map(str, hidden), None)


def program(name: str) -> str:
    found = find_program(name)
    if found is None:
        sys.exit(f"There is no {name} here: install PostgreSQL, or set DATABASE_URL to a server to test on.")
    return found


if __name__ == "__main__":
    sys.exit(main())
