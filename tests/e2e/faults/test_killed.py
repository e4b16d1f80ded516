"""The site or its bucket is killed while bytes move: started again, all arrives without anybody's doing."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.faults.conftest import PARTS
from tests.e2e.faults.proxy import FaultProxy
from tests.e2e.upload_page import choose
from tests.runtime.instance import Instance
from tests.runtime.processes import part_pid


def kill_all(instance: Instance) -> None:
    instance.kill()


def kill_the_bucket(instance: Instance) -> None:
    """End the whole: the other parts are told to stop."""
    os.kill(part_pid(instance.family, "weed"), signal.SIGKILL)
    assert instance.wait() == 1


@pytest.mark.parametrize("kill", [kill_all, kill_the_bucket])
def test_killed_midway_the_upload_goes_on_by_itself(
    page: Page,
    instance: Instance,
    line: FaultProxy,
    film: Path,
    notes: list[Path],
    kill: Callable[[Instance], None],
    expect_whole: Callable[[Page, list[Path]], None],
) -> None:
    ledger = line.follow(passing=PARTS // 2)
    choose(page, film, *notes)
    with ledger.standing_still():
        kill(instance)
        in_flight = ledger.struck
    instance.start()
    instance.wait_until_ready()
    expect_whole(page, [film, *notes])
    # A bucket that is starting may answer before it can take anything.
    assert ledger.surplus <= in_flight + ledger.refused, str(ledger)
