"""`python -m tests.bench.load`: many visitors at once, half of them opening links, half spending downloads, while
uploads are completed on a bucket that takes seconds to answer."""

import argparse
import asyncio
import json
import os
import re
import sys
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from tests.bench.load.instance import Site, serving
from tests.bench.load.visitors import Answers, Connection, Load
from tests.bench.meters import cpu_seconds, machine, python_processes

SAMPLES = 10


@dataclass(frozen=True)
class Sample:
    """Requests answered so far, and the memory of all processes but the bucket in MB (proportional set size)."""

    requests: int
    megabytes: float


def main() -> None:
    options = _options()
    with serving(
        database=options.database, uploads=options.completions, answer_after=options.answer_after
    ) as site:
        result = asyncio.run(_measured(site, options))
    sys.stdout.write(_table(result))
    if options.json:
        options.json.parent.mkdir(exist_ok=True)
        options.json.write_text(json.dumps(result, indent=2) + "\n")


async def _measured(site: Site, options: argparse.Namespace) -> dict[str, Any]:
    kinds = [Answers("opening", 200), Answers("spending", 303), Answers("completing", 200)]
    opening, spending, completing = kinds
    pids = python_processes(site.instance.process.pid)
    load = Load(site.instance.port, pause=options.pause)
    used, samples = cpu_seconds(pids), [_sample(pids, kinds)]
    visitors = [
        asyncio.create_task(load.visit(answers, islice(cycle(requests), number, None)))
        for number in range(options.visitors // 2)
        for answers, requests in ((opening, site.opening), (spending, site.spending))
    ]
    await asyncio.sleep(options.seconds / SAMPLES)
    completions = [
        asyncio.create_task(load.ask(completing, request, Connection(load.port)))
        for request in site.completing
    ]
    while not _is_over(load, kinds, options):
        await asyncio.sleep(options.seconds / SAMPLES)
        samples.append(_sample(pids, kinds))
    ended_at = asyncio.get_running_loop().time()
    used = cpu_seconds(pids) - used
    load.end()
    await asyncio.gather(*visitors, *completions)
    return {
        "machine": machine() | {"load_average": os.getloadavg()[0]},
        "options": {name: value for name, value in vars(options).items() if name != "json"},
        "cpu_ms_a_request": 1000 * used / max(1, samples[-1].requests),
        "kinds": [_figures(answers, load.began_at, ended_at) for answers in kinds if answers.seconds],
        "memory": [vars(sample) for sample in samples],
    }


def _is_over(load: Load, kinds: list[Answers], options: argparse.Namespace) -> bool:
    passed = asyncio.get_running_loop().time() - load.began_at
    return bool(passed > options.seconds and sum(len(it.seconds) for it in kinds) >= options.requests)


def _figures(answers: Answers, began_at: float, ended_at: float) -> dict[str, Any]:
    return {
        "name": answers.name,
        "answered": len(answers.seconds),
        "a_second": len(answers.seconds) / (ended_at - began_at),
        "wrong": dict(answers.wrong),
        "p50": answers.percentile(0.5),
        "p99": answers.percentile(0.99),
        "longest": max(answers.seconds),
        "silence": answers.longest_silence(began_at, ended_at) if len(answers.seconds) > 1 else 0.0,
    }


def _sample(pids: set[int], kinds: list[Answers]) -> Sample:
    return Sample(sum(len(it.seconds) for it in kinds), sum(map(_megabytes, pids)))


def _megabytes(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def _table(result: dict[str, Any]) -> str:
    lines = [
        _first_line(result),
        "",
        "| | answered | a second | errors | p50 | p99 | longest | longest silence |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for it in result["kinds"]:
        wrong = sum(it["wrong"].values())
        errors = f"{wrong} ({', '.join(it['wrong'])})" if wrong else "0"
        seconds = " | ".join(f"{it[key]:.2f} s" for key in ("p50", "p99", "longest", "silence"))
        lines.append(f"| {it['name']} | {it['answered']} | {it['a_second']:.0f} | {errors} | {seconds} |")
    lines += [
        "",
        _last_line(result),
    ]
    return "\n".join(lines) + "\n"


def _first_line(result: dict[str, Any]) -> str:
    told, options = result["machine"], result["options"]
    return (
        f"{told['cores']} cores, {told['memory_gib']} GiB; {told['system']}, Python {told['python']}, load average "
        f"{told['load_average']:.1f}; {options['visitors']} visitors on {options['database']}."
    )


def _last_line(result: dict[str, Any]) -> str:
    first, *_, last = result["memory"]
    return (
        f"{result['cpu_ms_a_request']:.1f} ms of CPU for a request. Memory {first['megabytes']:.0f} MB before, "
        f"{last['megabytes']:.0f} MB after {last['requests']:,} requests."
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-load", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--visitors", type=int, default=200, help="half of them open links, half spend")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--requests", type=int, default=0, help="go on until so many are answered")
    parser.add_argument(
        "--pause", type=float, default=0, help="seconds between an answer and the next request"
    )
    parser.add_argument("--completions", type=int, default=50, help="uploads that are completed meanwhile")
    parser.add_argument("--answer-after", type=float, default=5, help="seconds the bucket takes for each")
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    return parser.parse_args()


if __name__ == "__main__":
    main()
