"""Fixtures of all tests: a real bucket, a real browser, and the people of tests.people."""

import math
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from hypothesis import settings as searching

from sharing.links.view_counter import ViewCounter
from sharing.site.current import site
from sharing.storage import deadline
from sharing.storage.bucket import Bucket, get_bucket
from sharing.storage.embedded import EmbeddedBucket
from tests.browser import ADVICE, find_chromium
from tests.people import alice, alice_client, bob, bob_client, carol, carol_client, run_tasks, visitor
from tests.programs import fail_on_ci_else_skip
from tests.runtime import orphans

__all__ = ["alice", "alice_client", "bob", "bob_client", "carol", "carol_client", "run_tasks", "visitor"]

# Several people share a test machine: how long an example takes says nothing.
searching.register_profile("untimed", deadline=None)
searching.load_profile("untimed")

# Playwright runs an event loop in the thread of the tests, and Django would forbid them its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Tests that start browsers, buckets and instances take longest. Begun first, they leave no core idle at the end.
LONG = {"e2e", "runtime", "storage"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.isdisjoint(item.path.parts))


@pytest.fixture(autouse=True)
def no_tries_before(request: pytest.FixtureRequest) -> Iterator[None]:
    """Django empties its tables after a test that commits, but not the cache's, where tries are counted."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        with request.getfixturevalue("django_db_blocker").unblock():
            cache.clear()


@pytest.fixture(autouse=True)
def no_outage_before() -> Iterator[None]:
    """Close the circuit breaker after each test: that the bucket was away in one is nothing to the next."""
    yield
    deadline._process.breaker.close()


@pytest.fixture(autouse=True)
def nothing_changed_by_staff() -> None:
    """Let a test read the site's settings without a query, until it changes one."""
    site._changed, site._asked_at = {}, math.inf


@pytest.fixture(autouse=True)
def views_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread would neither see the rows of a test nor be seen by it."""
    monkeypatch.setattr("sharing.links.gate.VIEWS", ViewCounter(ViewCounter.write))


@pytest.fixture(scope="session")
def bucket() -> Iterator[Bucket]:
    """The bucket of the settings on a real SeaweedFS, which is started for the first test that asks for it."""
    embedded = EmbeddedBucket(settings.BUCKET, settings.HOME, port=settings.BUCKET_PORT)
    process = embedded.start()
    orphans.watch(process.pid)
    try:
        embedded.wait_until_ready(process)
        get_bucket().ensure_exists()
        get_bucket().allow_origins(settings.SITE_ORIGINS)
        yield get_bucket()
    finally:
        embedded.stop(process)
        orphans.forget(process.pid)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the system's Chromium. Without one a laptop skips the browser tests, and CI fails."""
    executable = find_chromium(may_be_shell=browser_type_launch_args.get("headless", True))
    if executable is None:
        fail_on_ci_else_skip(ADVICE)
    quiet = ["background-networking", "component-update", "sync", "gpu"]
    return {
        **browser_type_launch_args,
        "executable_path": executable,
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{feature}" for feature in quiet)],
    }
