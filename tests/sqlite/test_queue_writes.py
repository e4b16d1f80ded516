"""Writers of SQLite wait in a queue: nobody is overtaken for long, and nobody waits for ever."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from sharing.http.outages import outage_of
from sharing.sqlite.base import DatabaseWrapper
from sharing.sqlite.queue import WriteQueue, queue_of

LONG = 20.0


@pytest.fixture
def queue(tmp_path: Path) -> WriteQueue:
    return WriteQueue(tmp_path / "queue")


@pytest.fixture
def database(db: None, tmp_path: Path) -> Iterator[DatabaseWrapper]:
    """A database of its own, as the settings describe one."""
    database = opened(tmp_path)
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE parcel (weight integer)")
    yield database
    database.close()


def opened(folder: Path, *, timeout: float = LONG) -> DatabaseWrapper:
    options = {"transaction_mode": "IMMEDIATE", "timeout": timeout}
    described = {**connection.settings_dict, "NAME": str(folder / "parcels.sqlite3"), "OPTIONS": options}
    database = DatabaseWrapper({**described, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}, "parcels")
    database.inc_thread_sharing()
    return database


def write(database: DatabaseWrapper) -> None:
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO parcel VALUES (1)")


def write_many(database: DatabaseWrapper) -> None:
    with database.cursor() as cursor:
        cursor.executemany("INSERT INTO parcel VALUES (%s)", [(1,), (2,)])


def wait_until(queue: WriteQueue, *, waiting: int) -> None:
    pause = threading.Event()
    ends_at = time.monotonic() + LONG
    while len(queue._waiting) < waiting:
        assert time.monotonic() < ends_at, "nobody waits"
        pause.wait(0.005)


def test_writers_of_a_process_come_in_their_order(queue: WriteQueue) -> None:
    order: list[int] = []

    def come(number: int) -> None:
        assert queue.acquire(LONG)
        order.append(number)
        queue.release()

    assert queue.acquire(0)
    with ThreadPoolExecutor(5) as pool:
        for number in range(5):
            pool.submit(come, number)
            wait_until(queue, waiting=number + 1)
        queue.release()
    assert order == [0, 1, 2, 3, 4]


def test_who_waits_too_long_goes_and_the_next_comes(queue: WriteQueue) -> None:
    assert queue.acquire(0)
    assert not queue.acquire(0.01)
    queue.release()
    assert queue.acquire(0)


def test_another_process_that_waits_is_the_next_to_write(queue: WriteQueue, tmp_path: Path) -> None:
    """It is not overtaken by who has just written, though that one comes again at once."""
    program = f"""
        from pathlib import Path
        from sharing.sqlite.queue import WriteQueue
        queue = WriteQueue(Path({str(tmp_path / "queue")!r}))
        print("here", flush=True)
        assert queue.acquire(20)
        print("its turn", flush=True)
        input()
    """
    assert queue.acquire(0)
    with subprocess.Popen(
        [sys.executable, "-c", dedent(program)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout
        assert other.stdin
        assert other.stdout.readline() == "here\n"
        acquired_at_once = 0
        with ThreadPoolExecutor(1) as pool:
            line = pool.submit(other.stdout.readline)
            while not line.done():
                queue.release()
                acquired_at_once += queue.acquire(0.05)
                os.sched_yield()
        assert line.result() == "its turn\n"
        assert not queue.acquire(0.01)
        other.stdin.write("\n")
    assert queue.acquire(LONG), "a process that has ended holds nothing"


def test_it_goes_without_a_file_where_none_can_be_written(tmp_path: Path) -> None:
    queue = WriteQueue(tmp_path / "no such folder" / "queue")
    assert queue.acquire(0)
    assert not queue.acquire(0.01)
    queue.release()
    assert queue.acquire(0)


@pytest.mark.parametrize("ends", ["commit", "rollback", "close"])
def test_a_transaction_holds_the_write_lock_until_it_ends(
    database: DatabaseWrapper, tmp_path: Path, ends: str
) -> None:
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    write(database)
    second = opened(tmp_path, timeout=0.01)
    with pytest.raises(OperationalError, match="database is locked") as locked:
        write(second)
    assert outage_of(locked.value)
    getattr(database, ends)()
    write(second)
    second.close()


def test_many_rows_at_once_wait_in_the_queue_as_one_does(database: DatabaseWrapper) -> None:
    queue = queue_of(str(database.settings_dict["NAME"]))
    assert queue.acquire(0)
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write_many, database)
        wait_until(queue, waiting=1)
        queue.release()
        written.result()
    assert queue.acquire(0), "and release it"
    queue.release()


def test_what_only_reads_waits_for_nobody(database: DatabaseWrapper, tmp_path: Path) -> None:
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    second = opened(tmp_path, timeout=0.01)
    with second.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM parcel")
        assert cursor.fetchone() == (0,)
    second.close()
    database.rollback()


def test_a_thread_that_ends_within_a_transaction_gives_the_lock_back(
    database: DatabaseWrapper, tmp_path: Path
) -> None:
    def begin() -> None:
        own = opened(tmp_path)
        own.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        write(own)

    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()
    write(database)
    with database.cursor() as cursor:
        assert cursor.execute("SELECT COUNT(*) FROM parcel").fetchone() == (1,)
