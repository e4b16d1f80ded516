"""What the tests stand on: a real bucket, a real browser, and the people of tests.people."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from sharing.storage.bucket import Bucket, get_bucket
from sharing.storage.embedded import EmbeddedBucket
from tests.people import alice, alice_client, bob, bob_client, carol, carol_client, run_tasks, visitor

__all__ = ["alice", "alice_client", "bob", "bob_client", "carol", "carol_client", "run_tasks", "visitor"]

# Playwright runs an event loop in the thread of the tests, and Django would forbid them its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def bucket() -> Iterator[Bucket]:
    """The bucket of the settings on a real SeaweedFS, which is started for the first test that asks for it."""
    embedded = EmbeddedBucket(settings.BUCKET, settings.HOME, port=settings.BUCKET_PORT)
    process = embedded.start()
    try:
        embedded.wait_until_ready(process)
        get_bucket().ensure_exists()
        get_bucket().allow_origins(settings.SITE_ORIGINS)
        yield get_bucket()
    finally:
        embedded.stop(process)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium. Without one a laptop skips the browser tests, and CI fails."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    chromium = next((found for name in names if name and (found := shutil.which(name))), None)
    if chromium is None:
        message = "There is no Chromium on this machine: install it, or name one in CHROMIUM."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    quiet = ["background-networking", "component-update", "sync", "gpu"]
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{feature}" for feature in quiet)],
    }
