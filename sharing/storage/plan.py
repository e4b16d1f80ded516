"""Plans uploads: one presigned POST, or how many parts of which part size. Pure arithmetic.

S3's limits: an object has at most 5 TiB, in at most 10,000 parts of 5 MiB (but for the last) to 5 GiB.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
"""

from dataclasses import dataclass

KIB, MIB, TIB = 1024, 1024**2, 1024**4

MAX_OBJECT_SIZE = 5 * TIB
MAX_PARTS = 10_000
# Up to here a file travels as one form.
DEFAULT_PART_SIZE = 16 * MIB
SMALLEST_PART_SIZE = 5 * MIB
# A part under way when a page is closed is lost: of a middling file none is more than such a piece.
PIECES = 16
# A multiple of 64 KiB keeps part boundaries on the boundaries of encrypted records and of disk pages.
PART_GRAIN = 64 * KIB


@dataclass(frozen=True)
class UploadPlan:
    """`size` bytes in parts of `part_size` bytes; `part_size` 0 means one presigned POST."""

    size: int
    part_size: int

    @classmethod
    def of(cls, size: int) -> "UploadPlan":
        """Return the plan for a file of `size` bytes. Raises ValueError outside 0 to 5 TiB."""
        if not 0 <= size <= MAX_OBJECT_SIZE:
            raise ValueError(f"S3 stores objects of 0 to {MAX_OBJECT_SIZE} bytes, not of {size}.")
        if size <= DEFAULT_PART_SIZE:
            return cls(size, 0)
        smallest = max(SMALLEST_PART_SIZE, min(DEFAULT_PART_SIZE, -(-size // PIECES)))
        # S3 allows 10,000 parts, so a bigger file gets bigger parts, never more of them.
        grains = max(-(-smallest // PART_GRAIN), -(-size // (MAX_PARTS * PART_GRAIN)))
        return cls(size, grains * PART_GRAIN)

    def in_parts(self) -> "UploadPlan":
        """Return the plan in parts, even if it is a single one. An empty file has no part."""
        return UploadPlan(self.size, self.part_size or DEFAULT_PART_SIZE) if self.size else self

    @property
    def is_multipart(self) -> bool:
        return self.part_size > 0

    @property
    def part_count(self) -> int:
        return -(-self.size // self.part_size) if self.is_multipart else 0

    def length_of(self, number: int) -> int:
        """Return the bytes of part `number`, counted from 1. Raises ValueError for a part the plan does not have."""
        if not 1 <= number <= self.part_count:
            raise ValueError(f"The plan has parts 1 to {self.part_count}, not {number}.")
        return min(self.part_size, self.size - (number - 1) * self.part_size)
