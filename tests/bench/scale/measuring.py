"""`python -m tests.bench.scale.measuring FILES ROUNDS [NAME…]`: writes the rows, calls each page, prints JSON."""

import json
import logging
import math
import os
import statistics
import sys
import time
from collections.abc import Callable

import django

# So long is one thing called at most, in seconds.
TIMEOUT = 20.0


def main() -> None:
    files, rounds, *only = sys.argv[1:]
    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.scale import pages, rows

    settings.ALLOWED_HOSTS = ["testserver"]
    # A line for each request would cost more than some of them.
    logging.disable(logging.WARNING)
    if connection.vendor == "postgresql":
        _create_database()
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    begun = time.monotonic()
    rows.write(rows.Amounts(int(files)))
    sys.stderr.write(f"{int(files):,} files were written in {time.monotonic() - begun:.0f} s\n")
    figures = {}
    for name, call in [*pages.calls(), *pages.periodic()]:
        if not only or name.startswith(tuple(only)):
            figures[name] = _measured(call, int(rounds))
            sys.stderr.write(f"{name}: {figures[name]}\n")
    json.dump(figures, sys.stdout)


def _measured(call: Callable[[], int], rounds: int) -> dict[str, float]:
    """Its times and its CPU, that of the database with it, in milliseconds; the first call is not counted."""
    status = call()
    times: list[float] = []
    cpu: list[float] = []
    begun = time.monotonic()
    while len(times) < rounds and (not times or time.monotonic() - begun < TIMEOUT):
        started, used = time.perf_counter(), _cpu_seconds()
        call()
        times.append((time.perf_counter() - started) * 1000)
        cpu.append((_cpu_seconds() - used) * 1000)
    return {
        "p50": round(statistics.median(times), 1),
        "p99": round(sorted(times)[math.ceil(0.99 * len(times)) - 1], 1),
        "cpu": round(statistics.mean(cpu), 1),
        "rounds": len(times),
        "status": status,
    }


def _cpu_seconds() -> float:
    """Of this process and, where there is one, of the server's process that works for it."""
    from django.db import connection

    from tests.bench import meters

    if connection.vendor != "postgresql":
        return time.process_time()
    connection.ensure_connection()
    return time.process_time() + meters.cpu_seconds({connection.connection.info.backend_pid})


def _create_database() -> None:
    import psycopg

    url, _, name = os.environ["DATABASE_URL"].rpartition("/")
    with psycopg.connect(
        f"{url}/postgres".replace("postgres://", "postgresql://"), autocommit=True
    ) as server:
        server.execute(f"CREATE DATABASE {name}")


if __name__ == "__main__":
    main()
