"""`python -m tests.bench.pages`: how many visitors a second a link takes, beside a view that does nothing."""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from sharing.storage.embedded import free_ports
from tests import postgres
from tests.bench import meters
from tests.bench.pages.bare import BEHIND_MIDDLEWARE, BEHIND_NONE
from tests.bench.pages.load import Load
from tests.runtime.instance import Instance, own_environment, running

OUTPUT = Path("test-results/bench-pages.json")
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.bench.pages.settings"}
BARE = "bare view behind the same middleware"
WARM_UP_SECONDS = 2.0


@dataclass
class Row:
    """The cost of one address, once in each round. `ratios` are to the bare view measured just before and after.

    `cpu` is that of the app's processes, in milliseconds a request: on a busy machine it says more than the rate.
    """

    name: str
    rates: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    refused: int = 0


def main() -> None:
    # As an exception it passes through every `with`, which ends what was started.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    options = _options()
    machine: dict[str, Any] = {**meters.machine(), "load_before": os.getloadavg()}
    measured = {name: _measured(options, name) for name in options.databases}
    machine["load_after"] = os.getloadavg()
    output = settings.BASE_DIR / OUTPUT
    output.parent.mkdir(exist_ok=True)
    rows = {name: [asdict(row) for row in found] for name, found in measured.items()}
    output.write_text(json.dumps({"machine": machine, "options": vars(options), "rows": rows}, indent=2))
    before, after = (
        " ".join(f"{load:.1f}" for load in machine[f"load_{when}"]) for when in ("before", "after")
    )
    sys.stdout.write(
        f"{machine['cores']} cores, {machine['memory_gib']} GiB; {machine['system']}; Python {machine['python']}; "
        f"load average {before} before, {after} after.\n\n"
    )
    for name, found in measured.items():
        sys.stdout.write(f"{_table(name, found)}\n")
    sys.stdout.write(f"{OUTPUT} has each round.\n")


def _measured(options: argparse.Namespace, database: str) -> list[Row]:
    """Each contender in turn, between two measurements of the bare view, in every round."""
    with _served(database) as (instance, paths):
        contenders = _contenders(instance.port, paths, options.connections)
        if options.only:
            contenders = {n: c for n, c in contenders.items() if n.startswith((BARE, *options.only))}
        for contender in contenders.values():
            contender.put(WARM_UP_SECONDS)
        rows = {name: Row(name) for name in contenders}
        for _ in range(options.rounds):
            before = _note(rows[BARE], contenders[BARE], options.seconds, instance)
            for name, contender in contenders.items():
                if name == BARE:
                    continue
                rate = _note(rows[name], contender, options.seconds, instance)
                after = _note(rows[BARE], contenders[BARE], options.seconds, instance)
                rows[name].ratios.append(2 * rate / (before + after))
                before = after
    return list(rows.values())


def _note(row: Row, contender: Load, seconds: float, instance: Instance) -> float:
    """Measure once, and return the requests a second."""
    pids = meters.python_processes(instance.process.pid)
    used = meters.cpu_seconds(pids)
    answers = contender.put(seconds)
    row.rates.append(answers.right / seconds)
    row.cpu.append(1000 * (meters.cpu_seconds(pids) - used) / max(1, answers.right))
    row.refused += answers.wrong
    sys.stderr.write(f"{row.name}: {row.rates[-1]:.0f} a second, {row.cpu[-1]:.2f} ms of CPU each\n")
    return row.rates[-1]


def _contenders(port: int, paths: dict[str, list[str]], connections: int) -> dict[str, Load]:
    def opening(*paths: str) -> Load:
        return Load(port, "GET", list(paths), 200, connections)

    def spending(*paths: str) -> Load:
        return Load(port, "POST", list(paths), 303, connections)

    return {
        BARE: opening(BEHIND_MIDDLEWARE),
        "bare view behind none": opening(BEHIND_NONE),
        "opening a link with one file": opening(*paths["alone"]),
        "opening links of one file, 2,000 in turn": opening(*paths["strangers"]),
        "opening a link with 100 files": opening(*paths["many"]),
        "spending a download": spending(*paths["spend"]),
        "spending a download of a limited link": spending(*paths["spend_limited"]),
    }


@contextmanager
def _served(database: str) -> Iterator[tuple[Instance, dict[str, list[str]]]]:
    """An instance as `serve` starts it, or on PostgreSQL with Redis, and the paths of the links in it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="waybill-bench-")))
        variables = {**SETTINGS, "USER_QUOTA": "10TiB"}
        if database == "postgres":
            variables |= stack.enter_context(_postgres_and_redis())
        port, bucket_port = free_ports(2)
        instance = Instance(folder / "home", port=port, bucket_port=bucket_port, **variables)
        stack.enter_context(running(instance))
        made = subprocess.run(
            [sys.executable, "-m", "tests.bench.pages.links"],
            cwd=settings.BASE_DIR,
            env=own_environment(instance.home, PORT=str(port), BUCKET_PORT=str(bucket_port), **variables),
            stdout=subprocess.PIPE,
            check=True,
        )
        paths: dict[str, list[str]] = json.loads(made.stdout)
        yield instance, paths


@contextmanager
def _postgres_and_redis() -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        # Apart from the home, into which the user that PostgreSQL runs as may not look.
        data, redis = (
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"waybill-{name}-")))
            for name in ("postgres", "redis")
        )
        url = stack.enter_context(postgres.cluster(data)).removesuffix("/waybill") + "/postgres"
        [port] = free_ports(1)
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", "."]
        server = subprocess.Popen(command, cwd=redis, stdout=subprocess.DEVNULL)
        stack.callback(server.wait)
        stack.callback(server.terminate)
        yield {"DATABASE_URL": url, "CACHE_URL": f"redis://127.0.0.1:{port}/0"}


def _table(database: str, rows: list[Row]) -> str:
    lines = [
        f"| {database} | a second | × bare | CPU, ms | of bare's | rounds, × bare |",
        "|---|---:|---:|---:|---:|---|",
    ]
    bare = statistics.median(next(row for row in rows if row.name == BARE).cpu)
    for row in rows:
        ratio = f"{statistics.median(row.ratios):.2f}" if row.ratios else "1.00"
        rounds = ", ".join(f"{ratio:.2f}" for ratio in row.ratios)
        rate, cpu = statistics.median(row.rates), statistics.median(row.cpu)
        refused = f" ({row.refused:,} were refused)" if row.refused else ""
        lines.append(
            f"| {row.name}{refused} | {rate:.0f} | {ratio} | {cpu:.2f} | {bare / cpu:.2f} | {rounds} |"
        )
    return "\n".join(lines) + "\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--connections", type=int, default=16, help="that are kept, in two processes")
    parser.add_argument(
        "--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"]
    )
    parser.add_argument(
        "--only", nargs="+", default=[], help="the beginnings of the names of what is measured"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
