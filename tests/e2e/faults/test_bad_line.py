"""The line to the bucket drops, delays, truncates and corrupts: all arrives, and only what was struck comes again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import MakeFile
from tests.e2e.faults.conftest import NOTES, PARTS
from tests.e2e.faults.proxy import FaultProxy
from tests.e2e.faults.script import KINDS, Fault, Kind, Script
from tests.e2e.upload_page import MIB, choose, expect_state, row_of


@pytest.mark.parametrize("kinds", [*([kind] for kind in KINDS), KINDS], ids=[*KINDS, "mixed"])
def test_all_arrives_and_only_what_met_a_fault_is_sent_again(
    page: Page,
    line: FaultProxy,
    film: Path,
    notes: list[Path],
    kinds: list[Kind],
    expect_whole: Callable[[Page, list[Path]], None],
) -> None:
    ledger = line.follow(Script.seeded(20, kinds, among={"PUT": PARTS, "POST": NOTES}, each=4))
    choose(page, film, *notes)
    expect_whole(page, [film, *notes])
    assert ledger.script.is_over
    assert ledger.surplus <= ledger.struck, str(ledger)


def test_damage_that_does_not_end_is_said_and_retry_goes_on(
    page: Page, line: FaultProxy, make_file: MakeFile, expect_whole: Callable[[Page, list[Path]], None]
) -> None:
    film = make_file("short film.mov", os.urandom(17 * MIB))
    always = Script({("PUT", number): Fault("corrupt", 0.5, 3) for number in range(1, 100)})
    ledger = line.follow(always)
    choose(page, film)
    row = row_of(page, film.name)
    expect_state(row, "failed")
    expect(row).to_contain_text("Data was damaged on the way several times, and the storage refused it.")
    assert ledger.arrived_parts == {}
    ledger = line.follow()
    row.get_by_role("button", name="Retry").click()
    expect_whole(page, [film])
    assert ledger.surplus == 0
