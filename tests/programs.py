"""Programs that a test calls beyond what README asks for."""

import os
import shutil

import pytest


def program(name: str, *, is_on_ci: bool = True) -> str:
    """Where it is. Without it a laptop skips the test and says so, and CI fails where it has to have it."""
    found = shutil.which(name)
    if found:
        return found
    advice = f"There is no {name} on this machine, which this test calls: install it to run the test."
    if is_on_ci and os.environ.get("CI") == "true":
        pytest.fail(advice)
    pytest.skip(advice)


def is_there(name: str) -> bool:
    """True if the program can be called, and on CI, where a missing one has to fail: for a part of a test."""
    return os.environ.get("CI") == "true" or shutil.which(name) is not None
