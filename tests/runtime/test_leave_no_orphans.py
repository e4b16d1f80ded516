"""Tests that are killed leave no instance running."""

import os
import signal
import subprocess
import sys
import textwrap

from django.conf import settings

from tests.runtime.processes import gone_within


def test_what_killed_tests_have_started_is_ended() -> None:
    program = """
        import os, signal, subprocess, sys
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        from tests.runtime import orphans
        sleeper = [sys.executable, "-c", "import signal; signal.pause()"]
        started = subprocess.Popen(sleeper, start_new_session=True)
        orphans.watch(started.pid)
        print(started.pid, flush=True)
        signal.pause()
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout
        started = int(tests.stdout.readline())
        os.kill(started, 0)
        tests.send_signal(signal.SIGKILL)
    assert gone_within({started}, 20)
