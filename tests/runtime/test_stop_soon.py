"""Stopping takes at most 5 s when nothing is under way: no part looks for garbage in all that it leaves anyway."""

import re
import subprocess
import sys

import pytest
from django.conf import settings

STARTS = {
    "serve, worker and scheduler": "sys.argv = ['manage.py', '--version']; import manage; manage.main()",
    "web": "import runpy; runpy.run_path('gunicorn.conf.py')",
}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_a_part_ends_without_a_search_for_garbage(start: str) -> None:
    """CPython reports each search with `gc.DEBUG_STATS`; what is frozen is no part of it."""
    ended = subprocess.run(
        [sys.executable, "-c", f"import gc, sys; gc.set_debug(gc.DEBUG_STATS); {start}"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    permanent = re.findall(r"permanent generation: (\d+)", ended.stderr)
    assert int(permanent[-1]) > 0
