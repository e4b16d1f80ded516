"""The apps' imports point one way, so that a newcomer can read from the ground up."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

SHARING = Path(settings.BASE_DIR) / "sharing"
# What each app may know of; every app knows itself and the modules that are no app (settings, tokens, wording).
GROUND = {"accounts", "audit"}
MAY_IMPORT = {
    "storage": set(),
    "audit": GROUND,
    "accounts": GROUND,
    "files": GROUND | {"storage"},
    "links": GROUND | {"storage", "files"},
    "requests": GROUND | {"storage", "files", "links"},
    "pages": GROUND | {"storage", "files", "links", "requests"},
    "api": GROUND | {"storage", "files", "links", "requests"},
    "runtime": GROUND | {"storage"},
}


def apps_imported_by(source: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    apps = {name.split(".")[1] for name in names if name.startswith("sharing.")}
    return apps & MAY_IMPORT.keys()


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_an_app_imports_only_what_lies_below_it(app: str) -> None:
    for source in (SHARING / app).rglob("*.py"):
        assert apps_imported_by(source) <= MAY_IMPORT[app] | {app}, source


def test_only_the_storage_app_speaks_s3() -> None:
    for source in SHARING.rglob("*.py"):
        if "storage" not in source.relative_to(SHARING).parts:
            assert "import boto" not in source.read_text(), source
