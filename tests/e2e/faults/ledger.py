"""The bytes that a proxy has carried, and those that were lost; here bodies stand still until they may go on."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.e2e.faults.script import Fault, Script

# No test counts on it: it ends what would otherwise wait for ever.
LONGEST_WAIT_SECONDS = 60


@dataclass(eq=False)
class Carried:
    """One request with a body: `length` was announced, `received` came; `status` is the bucket's answer, 0 without.

    `what` it brings: a path and the number of a part, or a form's object key and 0.
    """

    method: str
    what: tuple[str, int]
    length: int
    fault: Fault | None
    received: int = 0
    status: int = 0
    is_standing: bool = False
    is_over: bool = False

    @property
    def has_arrived(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_struck(self) -> bool:
        """True if the browser may have to send it again: a fault met it that costs bytes, or the bucket refused it."""
        return not self.has_arrived or (self.fault is not None and self.fault.kind != "delay")


class Ledger:
    """Of what comes in many threads at once. All parts but the first `passing` stand still in their middle."""

    def __init__(self, script: Script | None = None, *, passing: int | None = None) -> None:
        self.script = script or Script()
        self.carried: list[Carried] = []
        self._passing = passing
        self._change = threading.Condition()

    def __str__(self) -> str:
        return "\n".join(map(str, self.carried))

    @property
    def received(self) -> int:
        """Bytes that came in bodies."""
        return sum(carried.received for carried in self.carried)

    @property
    def surplus(self) -> int:
        """Bytes that came although they had come: more than each part and each form once."""
        return self.received - sum({carried.what: carried.length for carried in self.carried}.values())

    @property
    def struck(self) -> int:
        """Bytes of those bodies that met a fault, or have not arrived."""
        return sum(carried.length for carried in self.carried if carried.is_struck)

    @property
    def refused(self) -> int:
        """Bytes of those bodies that the bucket did not take."""
        return sum(carried.length for carried in self.carried if carried.status >= 400)

    @property
    def arrived_parts(self) -> dict[tuple[str, int], int]:
        """The lengths of those parts that the bucket said it has."""
        return {
            carried.what: carried.length
            for carried in self.carried
            if carried.method == "PUT" and carried.has_arrived and carried.is_over
        }

    def begin(self, method: str, what: tuple[str, int], length: int) -> Carried:
        with self._change:
            carried = Carried(method, what, length, self.script.next_for(method))
            self.carried.append(carried)
        return carried

    def receive(self, carried: Carried, count: int) -> None:
        """Note bytes. Returns once more may come."""
        with self._change:
            carried.received += count
            if not self._passes(carried):
                self._stand(carried, lambda: self._passes(carried))

    def end(self, carried: Carried) -> None:
        with self._change:
            carried.is_over = True
            self._change.notify_all()

    def stand(self, carried: Carried) -> None:
        """Let this one stand still until two others have ended, or nothing else moves."""
        with self._change:
            ended = self._ended()
            self._stand(carried, lambda: self._ended() >= ended + 2 or not self._moves())

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """The parts that pass have arrived, and others stand still while the block runs."""
        with self._change:
            assert self._change.wait_for(
                lambda: len(self.arrived_parts) == self._passing and not self._moves(), LONGEST_WAIT_SECONDS
            ), str(self)
        try:
            yield
        finally:
            self.release()

    def release(self) -> None:
        """Let all pass."""
        with self._change:
            self._passing = None
            self._change.notify_all()

    def _passes(self, carried: Carried) -> bool:
        if self._passing is None or carried.method != "PUT" or carried.received < carried.length / 2:
            return True
        parts = [each for each in self.carried if each.method == "PUT"]
        return parts.index(carried) < self._passing

    def _stand(self, carried: Carried, may_go_on: Callable[[], bool]) -> None:
        carried.is_standing = True
        self._change.notify_all()
        self._change.wait_for(may_go_on, LONGEST_WAIT_SECONDS)
        carried.is_standing = False

    def _ended(self) -> int:
        return sum(carried.is_over for carried in self.carried)

    def _moves(self) -> bool:
        return any(not (carried.is_over or carried.is_standing) for carried in self.carried)
