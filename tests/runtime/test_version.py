"""The version, for whoever reports what they saw."""

import subprocess
import sys
import tomllib

from django.conf import settings
from django.test import Client
from django.urls import reverse

VERSION = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def test_the_command_line_says_it() -> None:
    command = [sys.executable, "manage.py", "--version"]
    said = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout
    assert said == f"Waybill {VERSION}\n"


def test_so_does_the_foot_of_the_admin_panel(carol_client: Client) -> None:
    assert f"Waybill {VERSION}\n" in carol_client.get(reverse("admin:index")).content.decode()
