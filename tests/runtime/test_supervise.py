"""Parts start in order, stop in reverse, and none outlives the others."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from sharing.runtime import lock
from sharing.runtime.supervisor import PartEnded, StopRequested, Supervisor
from tests.runtime.processes import alive, descendants, gone_within

# `serve` has one thread when it forks; the tests' own process may have more.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def obedient() -> None:
    os.write(1, b"here\n")
    signal.pause()


def stubborn() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        obedient()


def failing(status: int | str) -> Callable[[], object]:
    return partial(sys.exit, status)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def terminal() -> Iterator[None]:
    """A process whose terminal can end it, even where these tests run under `nohup`."""
    usual = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, usual)


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str], terminal: None) -> Iterator[Supervisor]:
    with (
        lock.held(tmp_path / "lock", say=said.append) as descriptor,
        Supervisor(lock=descriptor, folder=settings.BASE_DIR, say=said.append) as supervisor,
    ):
        yield supervisor


def listen(supervisor: Supervisor, said: list[str], *, lines: int) -> None:
    supervisor.wait_for(lambda: len(said) >= lines, what="part", seconds=20)


def test_what_a_part_writes_is_said_behind_its_name(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start("speaker", obedient, timeout=5)
    listen(supervisor, said, lines=1)
    assert said == ["speaker   | here"]


def test_a_part_that_raises_says_its_traceback(supervisor: Supervisor) -> None:
    succeeded, lines = supervisor.complete("broken", lambda: 1 // 0)
    assert not succeeded
    assert (lines[0], lines[-1][:17]) == ("Traceback (most recent call last):", "ZeroDivisionError")


def test_what_is_completed_returns_its_lines_and_is_no_part_any_more(supervisor: Supervisor) -> None:
    assert supervisor.complete("preparation", lambda: os.write(1, b"one\ntwo")) == (True, ["one", "two"])
    assert supervisor.parts == []


def test_the_end_of_a_part_ends_what_is_to_be_completed(supervisor: Supervisor) -> None:
    supervisor.start("failing", failing(7), timeout=5)
    with pytest.raises(PartEnded, match="The failing ended with exit status 7"):
        supervisor.complete("preparation", stubborn)


def test_a_part_that_fails_is_named_with_its_status(supervisor: Supervisor) -> None:
    supervisor.start("steady", obedient, timeout=5)
    supervisor.start("failing", failing(7), timeout=5)
    with pytest.raises(PartEnded, match="The failing ended with exit status 7"):
        supervisor.watch()


def test_a_part_that_is_killed_is_named_with_its_signal(supervisor: Supervisor) -> None:
    part = supervisor.start("victim", obedient, timeout=5)
    os.kill(part.pid, signal.SIGKILL)
    with pytest.raises(PartEnded, match="The victim was ended by SIGKILL"):
        supervisor.watch()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_asks_to_stop(supervisor: Supervisor, number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    with pytest.raises(StopRequested):
        supervisor.watch()


def test_under_nohup_it_outlives_the_terminal(tmp_path: Path, said: list[str]) -> None:
    usual = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with (
            lock.held(tmp_path / "lock", say=said.append) as descriptor,
            Supervisor(lock=descriptor, folder=settings.BASE_DIR, say=said.append) as supervisor,
        ):
            os.kill(os.getpid(), signal.SIGHUP)
            supervisor.check()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, usual)


def test_a_part_that_never_answers_is_given_up(supervisor: Supervisor) -> None:
    with pytest.raises(PartEnded, match="The web did not answer within 0 s"):
        supervisor.wait_for(lambda: False, what="web", seconds=0)


def test_leaving_stops_obedient_parts_and_kills_stubborn_ones(tmp_path: Path, said: list[str]) -> None:
    with (
        lock.held(tmp_path / "lock", say=said.append) as descriptor,
        Supervisor(lock=descriptor, folder=settings.BASE_DIR, say=said.append) as supervisor,
    ):
        first = supervisor.start("obedient", obedient, timeout=10)
        second = supervisor.start("stubborn", stubborn, timeout=0.2)
        listen(supervisor, said, lines=2)
        family = descendants(os.getpid())
    assert (first.ending, second.ending) == ("was ended by SIGTERM", "was ended by SIGKILL")
    assert gone_within(family & {first.pid, second.pid}, 10)


def test_the_reaper_ends_what_a_killed_supervisor_leaves(tmp_path: Path) -> None:
    program = f"""
        from pathlib import Path
        from sharing.runtime import lock
        from sharing.runtime.supervisor import Supervisor
        from tests.runtime.test_supervise import obedient
        with lock.held(Path({str(tmp_path / "lock")!r}), say=print) as descriptor:
            with Supervisor(lock=descriptor, folder=Path.cwd(), say=lambda line: print(line, flush=True)) as supervisor:
                supervisor.start("orphan", obedient, timeout=5)
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
        lock.held(path, say=said.append, timeout=0),
    ):
        pytest.fail("two held it")
    assert said == [f"{path.parent} is in use by another Waybill. Waiting up to 0 s for it to stop."]
