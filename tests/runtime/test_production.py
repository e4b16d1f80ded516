"""What production settings promise."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.runtime.instance import own_environment


def test_djangos_deployment_check_is_clean(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = own_environment(tmp_path, SITE_URL="https://files.example.com")
    ended = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout
