"""The version of this Waybill."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def version() -> str:
    """Return the version that pyproject.toml names, such as "0.1.0"."""
    project = Path(__file__).resolve().parent.parent / "pyproject.toml"
    named: str = tomllib.loads(project.read_text())["project"]["version"]
    return named
