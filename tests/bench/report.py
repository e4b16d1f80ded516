"""Reports of what was measured: a table for people, and JSON for programs."""

import json
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Cost:
    """The cost of an upload beside its time."""

    name: str
    unit: str
    value: float


@dataclass(frozen=True)
class Measured:
    """One upload, or many together, that arrived whole."""

    seconds: float
    costs: tuple[Cost, ...] = ()


@dataclass
class Row:
    """One figure, once in each round; `failures` says why a round has none."""

    group: str
    name: str
    unit: str = "s"
    rounds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def median(self) -> float | None:
        return statistics.median(self.rounds) if self.rounds else None


class Report:
    def __init__(self, machine: dict[str, Any], options: dict[str, Any]) -> None:
        self.machine = machine
        self.options = options
        self.rows: list[Row] = []

    def row(self, group: str, name: str, *, unit: str = "s") -> Row:
        """The row of this name, which is made where there is none."""
        found = next((row for row in self.rows if (row.group, row.name) == (group, name)), None)
        if found is None:
            found = Row(group, name, unit)
            self.rows.append(found)
        return found

    def note(self, group: str, cost: Cost) -> None:
        """Add a figure to its row, and tell who waits."""
        self.row(group, cost.name, unit=cost.unit).rounds.append(cost.value)
        sys.stderr.write(f"{group}: {cost.name}: {cost.value:.3f} {cost.unit}\n")

    def measure(self, group: str, name: str, contender: Callable[[], Measured]) -> None:
        """Add one round. An upload that fails is one of its results."""
        try:
            measured = contender()
        except Exception as error:  # whatever the browser, the bucket or a library says
            self.row(group, name).failures.append(f"failed: {str(error).splitlines()[0]}")
            sys.stderr.write(f"{group}: {name}: {error}\n")
            return
        for cost in (Cost(name, "s", measured.seconds), *measured.costs):
            self.note(group, cost)

    def table(self) -> str:
        """Markdown; the two ratios are to the `bare` and the `ours` of the same group."""
        lines = [f"{self._machine()}", ""]
        for group in dict.fromkeys(row.group for row in self.rows):
            lines += [f"| {group} | median | × bare | × ours | rounds |", "|---|---:|---:|---:|---|"]
            lines += [self._line(row) for row in self.rows if row.group == group]
            lines.append("")
        return "\n".join(lines)

    def write(self, path: Path) -> None:
        rows = [{**asdict(row), "median": row.median} for row in self.rows]
        path.parent.mkdir(exist_ok=True)
        content = {"machine": self.machine, "options": self.options, "rows": rows}
        path.write_text(json.dumps(content, indent=2) + "\n")

    def _line(self, row: Row) -> str:
        ratios = [self._ratio(row, start) for start in ("bare", "ours")]
        rounds = [*(_figure(value, row.unit) for value in row.rounds), *row.failures]
        median = "failed" if row.median is None else f"{_figure(row.median, row.unit)} {row.unit}"
        return f"| {' | '.join([row.name, median, *ratios, ', '.join(rounds)])} |"

    def _ratio(self, row: Row, start: str) -> str:
        """Against the first row of the group whose name begins so."""
        base = next((it for it in self.rows if it.group == row.group and it.name.startswith(start)), None)
        if base is None or base.unit != row.unit or not base.median or row.median is None:
            return ""
        return f"{row.median / base.median:.2f}"

    def _machine(self) -> str:
        words = [f"{self.machine['cores']} cores, {self.machine['memory_gib']} GiB", self.machine["system"]]
        words += [self.machine["browser"], f"Python {self.machine['python']}"]
        before, after = (" ".join(f"{load:.1f}" for load in self.machine[name]) for name in LOADS)
        return f"{'; '.join(words)}; load average {before} before, {after} after."


LOADS = ("load_before", "load_after")


def _figure(value: float, unit: str) -> str:
    return f"{value:.0f}" if unit in {"ms", "MB"} else f"{value:.2f}"
