"""How many large parts travel at once: few until the line is known, many where that brings more.

The modules run in the page, on a clock of the test's own.
"""

import pytest
from playwright.sync_api import Page

from tests.e2e.upload_page import MIB

# A line on which each connection has `each` bytes a second at most, and all together `all`: how many parts travel at
# once after each part has ended, and when.
LEARN = """async ({ each, all, seconds, partSize }) => {
  const { Ramp } = await import("/static/js/uploads/ramp.js");
  const ramp = new Ramp();
  const parts = [];
  const lanes = [];
  for (let now = 0; now < seconds * 1000; now += 50) {
    while (parts.length < Math.min(5, ramp.limitAt(now))) parts.push({ bytes: 0, part: ramp.begin(now) });
    ramp.settle();
    lanes.push(parts.length);
    const speed = Math.min(each, all / parts.length);
    for (const part of parts) part.bytes += speed / 20;
    ramp.move(now);
    for (let at = parts.length - 1; at >= 0; at -= 1) {
      if (parts[at].bytes >= partSize) ramp.end(parts.splice(at, 1)[0].part, partSize, now + 50);
    }
  }
  return lanes;
}"""

MOST = 5  # as far as the test goes


def lanes_on(page: Page, *, each: int, together: int, seconds: int = 30) -> list[int]:
    """How many parts travel, every 50 ms, on a line of so many bytes a second."""
    page.goto("/accounts/login/")
    line = {"each": each, "all": together, "seconds": seconds, "partSize": 5 * MIB}
    lanes: list[int] = page.evaluate(LEARN, line)
    return lanes


def test_a_slow_line_is_given_one_part_at_a_time_once_it_is_known(page: Page) -> None:
    lanes = lanes_on(page, each=2_000_000, together=2_000_000)
    assert (lanes[0], max(lanes)) == (1, 2)
    assert set(lanes[200:]) == {1}


def test_a_fast_line_is_given_all_after_the_first_part(page: Page) -> None:
    lanes = lanes_on(page, each=50_000_000, together=50_000_000)
    assert (lanes[0], max(lanes[:10])) == (1, MOST)


@pytest.mark.parametrize("together", [20_000_000, 100_000_000])
def test_so_is_a_line_on_which_only_many_are_fast(page: Page, together: int) -> None:
    lanes = lanes_on(page, each=2_000_000, together=together)
    assert set(lanes[20 * 8 :]) == {MOST}


def test_a_slow_line_that_has_become_fast_is_noticed(page: Page) -> None:
    slow = lanes_on(page, each=1_000_000, together=1_900_000, seconds=90)
    assert 2 in slow[20 * 35 :]
