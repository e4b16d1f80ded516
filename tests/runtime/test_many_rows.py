"""With a hundred thousand rows no periodic task reads a table whole."""

import pytest

from sharing.background import PeriodicTask, periodic_tasks
from tests.bench.scale.pages import NEED_THE_BUCKET
from tests.plans import many_rows, sequential_scans

__all__ = ["many_rows"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("many_rows")]


@pytest.mark.parametrize("periodic", periodic_tasks(), ids=lambda periodic: periodic.name)
def test_a_periodic_task_looks_only_for_what_is_due(periodic: PeriodicTask) -> None:
    if periodic.name in NEED_THE_BUCKET:
        pytest.skip("it asks the bucket")
    periodic.task.call()
    assert not sequential_scans(periodic.task.call)
