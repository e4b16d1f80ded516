"""`python -m tests.bench.scale`: every page with a thousand files and with a million, on SQLite or PostgreSQL."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests import postgres

SMALL = 1000


def main() -> None:
    options = _options()
    small, large = (_measured(options, files) for files in (SMALL, options.files))
    sys.stdout.write(_table(small, large, options.files))


def _measured(options: argparse.Namespace, files: int) -> dict[str, dict[str, float]]:
    """Return what each page takes with so many files, by a process and a database of its own."""
    command = [
        sys.executable,
        "-m",
        "tests.bench.scale.measuring",
        str(files),
        str(options.rounds),
        *options.only,
    ]
    with ExitStack() as stack:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        if options.database == "postgres":
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="waybill-scale-"))
            environment["DATABASE_URL"] = stack.enter_context(postgres.cluster(Path(folder)))
        answer = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    figures: dict[str, dict[str, float]] = json.loads(answer.stdout)
    return figures


def _table(small: dict[str, dict[str, float]], large: dict[str, dict[str, float]], files: int) -> str:
    lines = [
        f"| p50, p99 and CPU in ms | {SMALL:,} files | | | {files:,} files | | | p99 × |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, few in small.items():
        many = large[name]
        figures = [f"{it[key]:.1f}" for it in (few, many) for key in ("p50", "p99", "cpu")]
        refused = "" if many["status"] < 400 else f" (answered {many['status']:.0f})"
        lines.append(f"| {name}{refused} | {' | '.join(figures)} | {many['p99'] / few['p99']:.1f} |")
    return "\n".join(lines) + "\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-scale", description=__doc__)
    parser.add_argument("--files", type=int, default=1_000_000, help="of the large database")
    parser.add_argument("--rounds", type=int, default=20, help="how often each page is called")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument(
        "only", nargs="*", help="the beginnings of the names of what is measured; all by default"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
