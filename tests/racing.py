"""Threads that start at once, each with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

RACERS = 16


def race[Runner, Result](
    run: Callable[[Runner], Result], runners: Sequence[Runner]
) -> list[Result | Exception]:
    """What became of each, run by sixteen threads that start at once.

    `run` should ask the database nothing that it could be given: PostgreSQL's pool has fewer connections than racers.
    """
    lanes = min(RACERS, len(runners))
    start = threading.Barrier(lanes)

    def attempt(runner: Runner) -> Result | Exception:
        try:
            return run(runner)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(lanes, initializer=start.wait) as pool:
        return list(pool.map(attempt, runners))


def refused(results: Sequence[object], error: type[Exception]) -> int:
    """How many were refused so. Any other exception is raised: it is a fault, not a refusal."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, error):
            raise result
    return sum(isinstance(result, error) for result in results)
