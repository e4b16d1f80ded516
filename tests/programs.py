"""Programs that a test calls beyond what README asks for."""

import os
import shutil
from typing import NoReturn

import pytest


def program(name: str, *, is_on_ci: bool = True) -> str:
    """Return the program's path. Without it a laptop skips the test, and CI fails if it has to have the program."""
    found = shutil.which(name)
    if found:
        return found
    advice = f"There is no {name} on this machine, which this test calls: install it to run the test."
    if is_on_ci:
        fail_on_ci_else_skip(advice)
    pytest.skip(advice)


def fail_on_ci_else_skip(advice: str) -> NoReturn:
    """End the test, since this machine lacks what it needs. CI has to have all of it."""
    if os.environ.get("CI") == "true":
        pytest.fail(advice)
    pytest.skip(advice)


def is_there(name: str) -> bool:
    """Return True if the program can be called, and always on CI, where a missing one has to fail."""
    return os.environ.get("CI") == "true" or shutil.which(name) is not None
