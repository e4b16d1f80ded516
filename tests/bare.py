"""Run the tests that call programs as on a machine that has what README asks for alone: `make test-bare`."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ASKED_FOR = ("git", "make")
TESTS = Path(__file__).parent
PROGRAM_FOLDERS = ("/bin", "/sbin", "/usr/bin", "/usr/sbin")


def programs(package: str) -> list[Path]:
    """Return the programs that an installed package puts on the path."""
    listed = subprocess.run(["dpkg", "-L", package], check=True, capture_output=True, text=True).stdout
    paths = (Path(line) for line in listed.splitlines())
    return [path for path in paths if str(path.parent) in PROGRAM_FOLDERS]


def essential_packages() -> list[str]:
    """Return the names of the packages that no Debian is without."""
    listed = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Essential} ${Package}\n"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [line.split()[1] for line in listed.splitlines() if line.startswith("yes ")]


def bare_folder(folder: Path) -> None:
    """Fill the folder with links to all that a bare machine has."""
    for package in (*essential_packages(), *ASKED_FOR):
        for program in programs(package):
            link = folder / program.name
            if program.exists() and not link.exists():
                link.symlink_to(program)
    (folder / "python3").symlink_to(sys.executable)


def calling() -> list[str]:
    """The files of tests that start a program, or look for one; but for the browser's, which need a Chromium."""
    words = ("subprocess", "which(", "program(", "tests.runtime.instance")
    files = (path for path in sorted(TESTS.rglob("test_*.py")) if TESTS / "e2e" not in path.parents)
    return [str(path) for path in files if any(word in path.read_text() for word in words)]


def main() -> int:
    if shutil.which("dpkg") is None:
        print("This is no Debian: what a bare one has cannot be told.", file=sys.stderr)  # noqa: T201
        return 1
    with tempfile.TemporaryDirectory(prefix="waybill-bare-") as name:
        bare_folder(Path(name))
        os.environ["PATH"] = name
        # A missing program is what this is about: its test says so and is skipped.
        os.environ.pop("CI", None)
        return pytest.main([*sys.argv[1:], *calling()])


if __name__ == "__main__":
    sys.exit(main())
