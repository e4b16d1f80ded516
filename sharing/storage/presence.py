"""Asks the bucket, shortly, whether it would give an object, before a download is counted."""

import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from concurrent.futures import TimeoutError as NoAnswerYet
from functools import cached_property
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from sharing.storage.connection import Connection
from sharing.storage.deadline import is_away, note_answer, turn
from sharing.storage.errors import AccessRefused, BucketUnreachable, ObjectMissing, StorageError
from sharing.storage.heads import Heads

# So long does a visitor wait for the answer; it is waited for in the background a little longer, which warms up the
# connection to a bucket that is far away.
WAIT_SECONDS = 0.8
TIMEOUT_SECONDS = 3.0
# After a failure the bucket counts as away, and one request in so many seconds asks it again.
AWAY_SECONDS = 2.0
AT_ONCE = 8
# Over a connection that was used so lately a bucket answers at once, however far it is.
WARM_SECONDS = 60.0
SIGNED_SECONDS = 60
# An object that was found is not asked for again for so long, and so many are remembered in each process at most. A
# failure forgets them all: a bucket that is lost meanwhile costs no more than what is spent in this second.
REMEMBERED_SECONDS = 1.0
REMEMBERED_AT_ONCE = 1000
# Of a large collection not every object can be looked at while somebody waits.
MANY = 200
MANY_WAIT_SECONDS = 5.0


class Presence(Connection):
    _away_until = 0.0
    _answered_at: float | None = None

    def require(self, key: str, *, surely: bool = False) -> None:
        """Return when the bucket would give this object. Takes one HEAD, and 0.8 s at most; none if it just found it.

        A bucket that was not asked lately may be far away, and answer the visitor later than that; with `surely` no
        answer is a failure all the same. Raises ObjectMissing, AccessRefused, BucketUnreachable.
        """
        if self._was_just_found(key):
            return
        now = time.monotonic()
        is_near = self._answered_at is not None and now - self._answered_at < WARM_SECONDS
        is_doubted = surely or is_near or self._away_until > 0
        with turn():
            if is_near and not self._away_until and self._look_at_once(key):
                return
            looking = self._begin(key)
            try:
                looking.result(timeout=WAIT_SECONDS)
            except NoAnswerYet:
                looking.cancel()
                if is_doubted:
                    raise BucketUnreachable(_("The bucket did not answer in time.")) from None

    def missing(self, keys: Iterable[str]) -> set[str]:
        """Return those of the first 200 keys under which the bucket has no object.

        Raises AccessRefused, and BucketUnreachable where it does not say so of all of them in 5 s.
        """
        with turn():
            looking = {key: self._begin(key) for key in list(keys)[:MANY]}
            late = wait(looking.values(), timeout=MANY_WAIT_SECONDS).not_done
        for future in late:
            future.cancel()
        if late:
            raise BucketUnreachable(_("The bucket did not answer in time."))
        return {key for key, future in looking.items() if _is_missing(future)}

    def _was_just_found(self, key: str) -> bool:
        asked_at = self._found_at.get(key)
        return asked_at is not None and time.monotonic() - asked_at < REMEMBERED_SECONDS and not is_away()

    def _remember(self, key: str, asked_at: float) -> None:
        if len(self._found_at) >= REMEMBERED_AT_ONCE:
            self._found_at.clear()
        self._found_at[key] = asked_at

    def _begin(self, key: str) -> "Future[None]":
        now = time.monotonic()
        if now < self._away_until:
            raise BucketUnreachable(_("The bucket did not answer just now."))
        if self._away_until:
            self._away_until = now + AWAY_SECONDS  # this one asks, and the others do not wait for it
        return self._lookers.submit(self._look, key)

    def _look_at_once(self, key: str) -> bool:
        """Look in this thread, over an open connection: to change threads takes as long again.

        Return False where there is none. Raises as `_look`.
        """
        asked_at = time.monotonic()
        try:
            status = self._heads.status_if_open(self._target(key), seconds=WAIT_SECONDS)
        except TimeoutError:
            self._found_at.clear()
            self._begin(key)  # which finds out whether the bucket is away
            raise BucketUnreachable(_("The bucket did not answer in time.")) from None
        except StorageError:
            return False
        if status is None:
            return False
        self._note(status)
        self._remember(key, asked_at)
        return True

    def _look(self, key: str) -> None:
        asked_at = time.monotonic()
        try:
            status = self._heads.status(self._target(key), seconds=TIMEOUT_SECONDS)
        except (OSError, StorageError) as error:
            self._found_at.clear()
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise BucketUnreachable(_("The bucket does not answer.")) from error
        self._note(status)
        self._remember(key, asked_at)

    def _note(self, status: int) -> None:
        """Record that the bucket has answered, and raise what the answer means."""
        if status >= 400:
            self._found_at.clear()
        if status >= 500:
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise BucketUnreachable(_("The bucket answers %(status)s.") % {"status": status})
        self._away_until = 0.0
        self._answered_at = time.monotonic()
        note_answer()
        if status == 404:
            raise ObjectMissing(_("There is no such object in the bucket."))
        if status == 403:
            raise AccessRefused(_("The bucket refuses our keys."))

    def _target(self, key: str) -> str:
        """Return path and query of a signed HEAD."""
        url = self.config.object_url(self.config.endpoint_url, key)
        signed = self.signature().url("HEAD", url, query={}, headers={}, seconds=SIGNED_SECONDS)
        return urlsplit(signed)._replace(scheme="", netloc="").geturl()

    @cached_property
    def _found_at(self) -> dict[str, float]:
        """The moments at which HEADs were sent that found an object, by its key. In seconds of the process's clock."""
        return {}

    @cached_property
    def _lookers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="looker")

    @cached_property
    def _heads(self) -> Heads:
        return Heads(self.config.object_url(self.config.endpoint_url, ""), kept=AT_ONCE)


def _is_missing(future: "Future[None]") -> bool:
    try:
        future.result()
    except ObjectMissing:
        return True
    return False
