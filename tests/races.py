"""Run calls at the same moment in threads, each with its own database connection."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

RACERS = 16


def race[Runner, Result](
    run: Callable[[Runner], Result], runners: Sequence[Runner]
) -> list[Result | Exception]:
    """Return each call's result or exception. Sixteen threads start at the same moment.

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
    """Return how many raised `error`. Re-raises any other exception."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, error):
            raise result
    return sum(isinstance(result, error) for result in results)
