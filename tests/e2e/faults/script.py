"""Faults on the way to the bucket, and their moments: by counts and bytes, drawn from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

# drop: the connection breaks within the body. delay: the body stands still until others have passed.
# truncate: the bucket has it, but its answer breaks off. corrupt: one bit of the body is another one.
Kind = Literal["drop", "delay", "truncate", "corrupt"]
KINDS: list[Kind] = ["drop", "delay", "truncate", "corrupt"]


@dataclass(frozen=True)
class Fault:
    """`at`: where in the body, or in the answer that is truncated, from 0 to 1; `bit`: which one is flipped."""

    kind: Kind
    at: float
    bit: int


class Script:
    """The faults by method and n-th body, counted from 1; retries count as well."""

    def __init__(self, faults: dict[tuple[str, int], Fault] | None = None) -> None:
        self._faults = faults or {}
        self._counts: dict[str, int] = {}

    @classmethod
    def seeded(cls, seed: int, kinds: Sequence[Kind], *, among: dict[str, int], each: int) -> "Script":
        """`each` faults for each method, among its first bodies: as many as `among` says. Kinds take turns."""
        random = Random(seed)  # noqa: S311
        faults = {}
        for method, count in among.items():
            for turn, number in enumerate(random.sample(range(1, count + 1), each)):
                kind = kinds[turn % len(kinds)]
                faults[method, number] = Fault(kind, random.random(), random.randrange(8))
        return cls(faults)

    def next_for(self, method: str) -> Fault | None:
        """The fault for the body that comes now."""
        number = self._counts[method] = self._counts.get(method, 0) + 1
        return self._faults.get((method, number))

    @property
    def is_over(self) -> bool:
        """True if each fault has had its turn."""
        return all(self._counts.get(method, 0) >= number for method, number in self._faults)
