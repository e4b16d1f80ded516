"""What runs on this machine, as `ps` tells it."""

import subprocess
import time


def _processes() -> dict[int, tuple[int, str, str]]:
    """Parent, state and command line of every process."""
    listing = subprocess.run(
        ["ps", "-axo", "pid=,ppid=,stat=,args="], check=True, capture_output=True, text=True
    ).stdout
    rows = (line.split(None, 3) for line in listing.splitlines())
    return {int(row[0]): (int(row[1]), row[2], row[3]) for row in rows if len(row) == 4}


def descendants(pid: int) -> set[int]:
    parents = {child: row[0] for child, row in _processes().items()}
    found: set[int] = set()
    layer = {pid}
    while layer := {child for child, parent in parents.items() if parent in layer}:
        found |= layer
    return found


def part_pid(family: set[int], words: str) -> int:
    """The one of the family whose command line has these words; the oldest where several have."""
    rows = _processes()
    return min(pid for pid in family if pid in rows and words in rows[pid][2])


def alive(pids: set[int]) -> dict[int, str]:
    """Those that run still, with their command lines. A zombie runs no more, once its last thread has ended."""
    rows = _processes()
    return {pid: rows[pid][2] for pid in pids if pid in rows and not _is_zombie(rows[pid][1])}


def _is_zombie(state: str) -> bool:
    return "Z" in state and "l" not in state


def gone_within(pids: set[int], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pids)
