"""Wait out an outage of the database, so that background processes go on when it is back."""

import logging
import time
from collections.abc import Callable

from django import db

from sharing.http.outages import outage_of

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0


def waiting_for_database(work: Callable[[], None]) -> None:
    """Call `work`, again after each outage of the database."""
    while True:
        try:
            work()
        except db.Error as error:
            if not outage_of(error):
                raise
            logger.warning("The database is not responding, trying again in %.0f s: %s", PAUSE_SECONDS, error)
            db.connections.close_all()
            time.sleep(PAUSE_SECONDS)
        else:
            return
