"""The cost of processes, as Linux tells it in /proc, and the machine they run on."""

import os
import platform
from pathlib import Path

from tests.runtime.processes import descendants

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_KIB = 1024


def python_processes(root: int) -> set[int]:
    """This process and those under it that run Python: of a served instance, all but the bucket."""
    return {pid for pid in {root, *descendants(root)} if _program(pid).startswith("python")}


def cpu_seconds(pids: set[int]) -> float:
    """Seconds of CPU, user and system, that these have used so far; each to the 10 ms that Linux counts in."""
    return sum(map(_cpu_seconds, pids))


class PeakMemory:
    """The growth of a browser's renderers from now on, in bytes: their highest resident sets against now's.

    One that is started meanwhile, as for a service worker, counts from nothing.
    """

    def __init__(self, browser: int) -> None:
        self._browser = browser
        self._start = dict.fromkeys(_renderers(browser), 0)
        for pid in self._start:
            # Linux forgets the peak so far: proc_pid_clear_refs(5).
            Path(f"/proc/{pid}/clear_refs").write_text("5")
            self._start[pid] = _status(pid, "VmRSS")

    def growth(self) -> int:
        return sum(_status(pid, "VmHWM") - self._start.get(pid, 0) for pid in _renderers(self._browser))


def machine() -> dict[str, str | int]:
    """The machine in general terms, as every report must name it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory / _KIB**3),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def _renderers(browser: int) -> set[int]:
    return {pid for pid in descendants(browser) if "--type=renderer" in _command(pid)}


def _program(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/exe").readlink().name
    except OSError:
        return ""


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def _cpu_seconds(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    # After the name, which may hold anything, user and system time are the 12th and 13th field: proc_pid_stat(5).
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK


def _status(pid: int, name: str) -> int:
    """A size in bytes from proc_pid_status(5); 0 where the process has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * _KIB for line in lines if line.startswith(f"{name}:")), 0)
