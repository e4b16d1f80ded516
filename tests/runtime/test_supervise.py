"""Parts start in order, stop in reverse, and none outlives the others."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from sharing.runtime import lock
from sharing.runtime.supervisor import PartEnded, StopRequested, Supervisor
from tests.runtime.processes import alive, descendants, gone_within

OBEDIENT = [sys.executable, "-c", "print('here', flush=True); import signal; signal.pause()"]
STUBBORN = [
    *(sys.executable, "-c"),
    "import signal; signal.signal(15, signal.SIG_IGN); print('here', flush=True)\nwhile True: signal.pause()",
]


def failing(status: int) -> list[str]:
    return [sys.executable, "-c", f"raise SystemExit({status})"]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    with (
        lock.held(tmp_path / "lock", say=said.append) as descriptor,
        Supervisor(lock=descriptor, folder=settings.BASE_DIR, say=said.append) as supervisor,
    ):
        yield supervisor


def wait_until_here(said: list[str], count: int) -> None:
    deadline = time.monotonic() + 20
    while len([line for line in said if line.endswith("| here")]) < count:
        assert time.monotonic() < deadline, said
        time.sleep(0.02)


def test_what_a_part_writes_is_said_behind_its_name(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start("speaker", OBEDIENT, patience=5)
    wait_until_here(said, 1)
    assert said == ["speaker   | here"]


def test_a_part_that_fails_is_named_with_its_status(supervisor: Supervisor) -> None:
    supervisor.start("steady", OBEDIENT, patience=5)
    supervisor.start("failing", failing(7), patience=5)
    with pytest.raises(PartEnded, match="The failing ended with exit status 7"):
        supervisor.watch()


def test_a_part_that_is_killed_is_named_with_its_signal(supervisor: Supervisor) -> None:
    part = supervisor.start("victim", OBEDIENT, patience=5)
    os.kill(part.pid, signal.SIGKILL)
    with pytest.raises(PartEnded, match="The victim was ended by SIGKILL"):
        supervisor.watch()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_asks_to_stop(supervisor: Supervisor, number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    with pytest.raises(StopRequested):
        supervisor.watch()


def test_a_part_that_never_answers_is_given_up(supervisor: Supervisor) -> None:
    with pytest.raises(PartEnded, match="The web did not answer in 0 s"):
        supervisor.wait_for(lambda: False, what="web", seconds=0)


def test_leaving_stops_obedient_parts_and_kills_stubborn_ones(tmp_path: Path, said: list[str]) -> None:
    with (
        lock.held(tmp_path / "lock", say=said.append) as descriptor,
        Supervisor(lock=descriptor, folder=settings.BASE_DIR, say=said.append) as supervisor,
    ):
        obedient = supervisor.start("obedient", OBEDIENT, patience=10)
        stubborn = supervisor.start("stubborn", STUBBORN, patience=0.2)
        wait_until_here(said, 2)
        family = descendants(os.getpid())
    assert (obedient.ending, stubborn.ending) == ("was ended by SIGTERM", "was ended by SIGKILL")
    assert gone_within(family & {obedient.pid, stubborn.pid}, 1)


def test_the_reaper_ends_what_a_killed_supervisor_leaves(tmp_path: Path) -> None:
    program = f"""
        import sys
        from pathlib import Path
        from sharing.runtime import lock
        from sharing.runtime.supervisor import Supervisor
        with lock.held(Path({str(tmp_path / "lock")!r}), say=print) as descriptor:
            with Supervisor(lock=descriptor, folder=Path.cwd(), say=lambda line: print(line, flush=True)) as supervisor:
                supervisor.start("orphan", {OBEDIENT!r}, patience=5)
                supervisor.watch()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert "here" in process.stdout.readline()
        family = descendants(process.pid)
        assert len(alive(family)) == 2
        process.kill()
        with lock.held(tmp_path / "lock", say=str):
            assert alive(family) == {}


def test_the_lock_waits_no_longer_than_it_may(tmp_path: Path, said: list[str]) -> None:
    path = tmp_path / "home" / "lock"
    path.parent.mkdir()
    with (
        lock.held(path, say=said.append),
        pytest.raises(lock.HomeInUse, match="set WAYBILL_HOME to another folder"),
        lock.held(path, say=said.append, patience=0),
    ):
        pytest.fail("two held it")
    assert said == [f"{path.parent} is in use by another Waybill; waiting up to 0 s for it to end."]
