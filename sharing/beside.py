"""What is written beside an answer, such as a view that is counted: it never stands before showing."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sharing.http.outages import outage_of

logger = logging.getLogger(__name__)


@contextmanager
def beside_the_answer() -> Iterator[None]:
    """Log what a database or cache that is away, full or read-only makes of this, and go on."""
    try:
        yield
    except Exception as error:
        if outage_of(error) is None:
            raise
        logger.warning("Not counted or noted, since the database or the cache takes no writes: %s", error)


def unless_away[R](ask: Callable[[], R], *, otherwise: R) -> R:
    """Return what `ask` returns, or `otherwise` where a database or cache is away that only makes things better."""
    answers = [otherwise]
    with beside_the_answer():
        answers.append(ask())
    return answers[-1]
