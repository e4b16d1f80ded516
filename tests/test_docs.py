"""The docs name what exists: files, functions, settings, commands, and pages that they link to."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
PAGES = sorted(
    [
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "STYLE.md", "SECURITY.md")),
    ]
)
# Of a page of docs/, so that it is read in one go.
LONGEST_PAGE = 1500
CODE = ("*.py", "*.js", "*.css", "*.html", "*.txt", "*.sh", "*.toml", "*.in", "Makefile")
FILE = re.compile(r"[\w.@-]+(/[\w.@-]+)*\.(py|js|css|html|md|toml|json|sh)")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(\(\))?")
# Names of S3, of programs, and of files that others make.
FOREIGN = {
    "CopyObject",
    "ListParts",
    "ClientError",
    "pg_dump",
    "BENCH",
    "SCALE",
    "LOAD",
    "test-results/bench.json",
    "test-results/bench-pages.json",
}


@cache
def tracked(*patterns: str) -> list[str]:
    """Return the files of the repository that match these patterns; all files without a pattern."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return listed.stdout.splitlines()


@cache
def words_of_the_code() -> frozenset[str]:
    """Return every word of every file that is not documentation."""
    files = (ROOT / name for name in tracked(*CODE) if not name.endswith("test_docs.py"))
    return frozenset(word for path in files if path.exists() for word in re.findall(r"\w+", path.read_text()))


def named(doc: Path) -> Iterator[str]:
    """Yield what stands in backticks in the page's prose."""
    prose = re.sub(r"^```.*?^```", "", doc.read_text(), flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", prose)


def is_unknown_file(name: str) -> bool:
    """True for a path, or a file's own name, that is not in the repository."""
    if name.endswith("/") and any(path.startswith(name.partition("/")[0] + "/") for path in tracked()):
        return not any(path.startswith(name) for path in tracked())
    return bool(FILE.fullmatch(name)) and not any(
        path == name or path.endswith(f"/{name}") for path in tracked()
    )


def is_unknown_identifier(name: str) -> bool:
    """True for a name of code that the code does not have."""
    looks_like_code = IDENTIFIER.fullmatch(name) and re.search(r"_|\(\)|[a-z][A-Z]", name)
    if not looks_like_code or FILE.fullmatch(name):
        return False
    return not {*name.removesuffix("()").split(".")} <= words_of_the_code() | FOREIGN


def anchors(doc: Path) -> set[str]:
    """Return the anchors of the page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", doc.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_files_and_names_exist(doc: Path) -> None:
    unknown = [name for name in named(doc) if is_unknown_file(name) or is_unknown_identifier(name)]
    unknown = [name for name in unknown if name not in FOREIGN]
    assert not unknown


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_links_lead_somewhere(doc: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", doc.read_text()):
        path, _, anchor = target.partition("#")
        linked = (doc.parent / path).resolve() if path else doc
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_make_has_the_targets(doc: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", doc.read_text(), re.MULTILINE)) <= targets


@pytest.mark.parametrize("doc", sorted((ROOT / "docs").rglob("*.md")), ids=lambda doc: doc.name)
def test_a_page_is_read_in_one_go(doc: Path) -> None:
    assert len(doc.read_text().split()) < LONGEST_PAGE


@pytest.mark.parametrize("name", ["sharing/links/finding.py", "finding.py", "sharing/rooms/"])
def test_a_file_that_is_gone_is_found(name: str) -> None:
    assert is_unknown_file(name)


@pytest.mark.parametrize("name", ["weigh_all()", "Link.weigh_all", "WEIGHTS_KEPT"])
def test_a_name_that_is_gone_is_found(name: str) -> None:
    assert is_unknown_identifier(name)
