"""Processes of this machine."""

import time
from typing import Any, NamedTuple

import psutil


class Running(NamedTuple):
    """A zombie runs no more, once its last thread has ended."""

    parent: int
    # With its name in front: the parts of `serve` are forked and share its command line.
    command: str
    is_zombie: bool


def _processes() -> dict[int, Running]:
    """Every process, by its pid."""
    asked = ["ppid", "cmdline", "name", "status", "num_threads"]
    return {process.pid: _running(process.info) for process in psutil.process_iter(asked)}


def _running(told: dict[str, Any]) -> Running:
    has_ended = told["status"] == psutil.STATUS_ZOMBIE and (told["num_threads"] or 1) <= 1
    return Running(told["ppid"], " ".join([told["name"], *(told["cmdline"] or [])]), has_ended)


def descendants(pid: int) -> set[int]:
    parents = {child: process.parent for child, process in _processes().items()}
    found: set[int] = set()
    layer = {pid}
    while layer := {child for child, parent in parents.items() if parent in layer}:
        found |= layer
    return found


def part_pid(family: set[int], words: str) -> int:
    """Return the process of the family whose name or command line has these words; the oldest where several have."""
    rows = _processes()
    return min(pid for pid in family if pid in rows and words in rows[pid].command)


def alive(pids: set[int]) -> dict[int, str]:
    """Return those that run still, with their command lines."""
    rows = _processes()
    return {pid: rows[pid].command for pid in pids if pid in rows and not rows[pid].is_zombie}


def gone_within(pids: set[int], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pids)
