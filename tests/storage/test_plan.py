"""Plans of uploads: a size becomes a form or parts, at the edges of what S3 takes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sharing.storage.plan import (
    DEFAULT_PART_SIZE,
    MAX_OBJECT_SIZE,
    MAX_PARTS,
    MIB,
    PART_GRAIN,
    UploadPlan,
)

S3_SMALLEST_PART, S3_LARGEST_PART = 5 * 1024**2, 5 * 1024**3


@given(st.integers(DEFAULT_PART_SIZE + 1, MAX_OBJECT_SIZE))
@example(DEFAULT_PART_SIZE + 1)
@example(DEFAULT_PART_SIZE * MAX_PARTS)
@example(DEFAULT_PART_SIZE * MAX_PARTS + 1)
@example(MAX_OBJECT_SIZE - 1)
@example(MAX_OBJECT_SIZE)
def test_parts_add_up_to_the_file_and_suit_s3(size: int) -> None:
    plan = UploadPlan.of(size)
    last = plan.length_of(plan.part_count)
    assert (plan.part_count - 1) * plan.part_size + last == size
    assert 1 <= plan.part_count <= MAX_PARTS
    assert 1 <= last <= plan.part_size
    assert S3_SMALLEST_PART <= plan.part_size <= S3_LARGEST_PART
    assert plan.part_size % PART_GRAIN == 0


@pytest.mark.parametrize(
    ("size", "part_size", "parts"),
    [
        (DEFAULT_PART_SIZE + 1, 5 * MIB, 4),
        (66_000_000, 5 * MIB, 13),
        (160 * MIB, 10 * MIB, 16),
        (256 * MIB, DEFAULT_PART_SIZE, 16),
        (MAX_PARTS * DEFAULT_PART_SIZE, DEFAULT_PART_SIZE, MAX_PARTS),
        (MAX_PARTS * DEFAULT_PART_SIZE + 1, DEFAULT_PART_SIZE + PART_GRAIN, 9962),
    ],
)
def test_the_part_that_is_lost_with_a_page_is_a_small_piece_of_its_file(
    size: int, part_size: int, parts: int
) -> None:
    plan = UploadPlan.of(size)
    assert (plan.part_size, plan.part_count) == (part_size, parts)


@pytest.mark.parametrize("size", [0, 1, DEFAULT_PART_SIZE])
def test_a_small_file_takes_one_form(size: int) -> None:
    plan = UploadPlan.of(size)
    assert (plan.is_multipart, plan.part_count) == (False, 0)


@pytest.mark.parametrize("size", [-1, MAX_OBJECT_SIZE + 1])
def test_a_size_that_s3_does_not_take_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="S3 stores objects of 0 to"):
        UploadPlan.of(size)


@pytest.mark.parametrize("number", [0, -1, 4])
def test_a_part_that_the_plan_does_not_have_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="parts 1 to 3"):
        UploadPlan(3 * DEFAULT_PART_SIZE, DEFAULT_PART_SIZE).length_of(number)
