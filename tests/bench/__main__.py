"""`python -m tests.bench`: each contender in turn, several rounds, and what it took."""

import argparse
import os
import re
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.bench import meters, programs
from tests.bench.alone import line_alone
from tests.bench.archive import Archive
from tests.bench.chromium import Chromium, chromium
from tests.bench.large import UPPY, LargeFile
from tests.bench.line import Line
from tests.bench.many import ManyFiles, make_folder
from tests.bench.report import Measured, Report
from tests.bench.site import serving

MIB = 1024 * 1024
FAR = Line(delay=40)
# Lines that people have, and the share of --line-size that is sent over each.
LINES = {Line(delay=20, rate=300): 1.0, Line(delay=20, rate=50): 0.25}
# Deleted bytes stay on the disk of the embedded bucket for a while.
CONTENDERS_OF_ONE_SITE = 7
SMALL_ZIPPED = 100_000
LARGE_ZIPPED = 5
PHOTOS, PHOTO = 60, 3_000_000
# In the bucket the files and as many bytes in one, on the disk the archive.
COPIES_OF_ZIPPED = 3
OUTPUT = Path("test-results/bench.json")

Contenders = dict[str, Callable[[], Measured]]


def main() -> None:
    # As an exception it passes through every `with`, which ends what was started.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    options = _options()
    with tempfile.TemporaryDirectory(prefix="waybill-bench-") as folder, chromium() as browser:
        _require(options, Path(folder))
        machine: dict[str, Any] = {**meters.machine(), "browser": browser.version(), **programs.versions()}
        machine["load_before"] = os.getloadavg()
        report = Report(machine, vars(options))
        bench = Bench(report, browser, options, Path(folder))
        if options.size:
            bench.large_straight()
            bench.large_delayed()
        if options.line_size:
            bench.large_on_lines()
        if options.files:
            bench.many()
        bench.archives()
        machine["load_after"] = os.getloadavg()
    report.write(settings.BASE_DIR / OUTPUT)
    sys.stdout.write(f"{report.table()}\n{OUTPUT} has each round.\n")


class Bench:
    def __init__(self, report: Report, browser: Chromium, options: argparse.Namespace, folder: Path) -> None:
        self.report = report
        self.browser = browser
        self.size: int = options.size
        self.line_size: int = options.line_size
        self.files: int = options.files
        self.zip_files: int = options.zip_files
        self.zip_size: int = options.zip_size
        self.rounds: int = options.rounds
        self.folder = folder

    def large_straight(self) -> None:
        group = f"{_words(self.size)}, straight"
        file = self._file_on_disk(self.size)
        with serving() as site:
            site.sign_in(self.browser)
            large = LargeFile(site, self.browser, self.size)
            large.warm_up()
            self._in_turn(
                group,
                {
                    "bare": large.bare,
                    "ours with checksums": large.ours,
                    "ours without": large.ours_without_checksums,
                    "Uppy": large.uppy,
                    "boto3": partial(large.boto3, file),
                    "boto3 with checksums": partial(large.boto3, file, with_checksums=True),
                },
            )
            self.report.note(group, large.idle())
        file.unlink()

    def large_delayed(self) -> None:
        group = f"{_words(self.size)}, {FAR}"
        # First what the proxy itself costs.
        with serving(line=Line(delay=0)) as site:
            site.sign_in(self.browser)
            large = LargeFile(site, self.browser, self.size)
            large.warm_up()
            self._in_turn(group, {"through the proxy, 0 ms: bare": large.bare})
        with serving(line=FAR) as site:
            site.sign_in(self.browser)
            large = LargeFile(site, self.browser, self.size)
            large.warm_up()
            self._in_turn(group, {"bare": large.bare, "ours with checksums": large.ours, "Uppy": large.uppy})

    def large_on_lines(self) -> None:
        for line, share in LINES.items():
            size = round(self.line_size * share / MIB) * MIB
            file = self._file_on_disk(size)
            with serving(line=line) as site:
                site.sign_in(self.browser)
                large = LargeFile(site, self.browser, size)
                contenders: Contenders = {
                    "bare": large.bare,
                    "ours with checksums": large.ours,
                    "ours without": large.ours_without_checksums,
                    "Uppy": large.uppy,
                    "tus": large.tus,
                    "boto3 with checksums": partial(large.boto3, file, with_checksums=True),
                }
                if programs.find_rclone():
                    contenders["rclone"] = partial(large.program, programs.rclone, file)
                if programs.find_aws_cli():
                    contenders["aws-cli"] = partial(large.program, programs.aws_cli, file)
                contenders["the line alone"] = partial(line_alone, line, size)
                self._in_turn(f"{_words(size)}, {line}", contenders)
            file.unlink()

    def many(self) -> None:
        folder = make_folder(self.folder, self.files)
        for number in range(self.rounds):
            # A site of its own for each round, since nobody wants to delete so many files one by one.
            with serving() as site:
                site.sign_in(self.browser)
                files = ManyFiles(site, self.browser, self.files)
                contenders: Contenders = {
                    "bare POSTs": files.bare,
                    "ours, a dropped folder": partial(files.drop, folder),
                }
                self._round(f"{self.files:,} files of 10 KB", contenders, number)

    def archives(self) -> None:
        if self.zip_files:
            self._archive(f"{self.zip_files:,} files of 100 KB, as one zip", self.zip_files, SMALL_ZIPPED)
            self._archive(f"{PHOTOS} files of 3 MB, {FAR}, as one zip", PHOTOS, PHOTO, line=FAR)
        if self.zip_size:
            group = f"{_words(self.zip_size)} in {LARGE_ZIPPED} files, as one zip"
            self._archive(group, LARGE_ZIPPED, self.zip_size // LARGE_ZIPPED)

    def _archive(self, group: str, count: int, size: int, *, line: Line | None = None) -> None:
        with serving(line=line) as site:
            site.sign_in(self.browser)
            archive = Archive(site, self.browser, self.folder, count=count, size=size)
            self._in_turn(group, {"bare: a plain download": archive.bare, "ours: Download all": archive.ours})

    def _in_turn(self, group: str, contenders: Contenders) -> None:
        for number in range(self.rounds):
            self._round(group, contenders, number)

    def _round(self, group: str, contenders: Contenders, number: int) -> None:
        """Each once. Who begins changes, so that nobody always follows the same one."""
        for name in contenders:
            self.report.row(group, name)
        start = number % len(contenders)
        for name in [*contenders][start:] + [*contenders][:start]:
            self.report.measure(group, name, contenders[name])

    def _file_on_disk(self, size: int) -> Path:
        path = self.folder / "film.mov"
        with path.open("wb") as file:
            for _ in range(size // MIB):
                file.write(secrets.token_bytes(MIB))
        return path


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", type=_size, default="1GiB", help="of the large file; 0MiB leaves it out")
    parser.add_argument(
        "--line-size", type=_size, default="256MiB", help="of a file on shaped lines; 0MiB leaves them out"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--files", type=int, default=10_000, help="how many small ones; 0 leaves them out")
    parser.add_argument("--zip-files", type=int, default=2000, help="how many in one zip; 0 leaves it out")
    parser.add_argument(
        "--zip-size", type=_size, default="5GiB", help="of five in one zip; 0MiB leaves it out"
    )
    return parser.parse_args()


def _size(text: str) -> int:
    """`256MiB` or `1GiB` in bytes."""
    match = re.fullmatch(r"(\d+)(MiB|GiB)", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text} is not a size such as 256MiB or 1GiB")
    return int(match[1]) * (MIB if match[2] == "MiB" else 1024 * MIB)


def _words(size: int) -> str:
    return f"{size // (1024 * MIB)} GiB" if size % (1024 * MIB) == 0 else f"{size // MIB} MiB"


def _require(options: argparse.Namespace, folder: Path) -> None:
    """End with a sentence where something is missing."""
    if sys.platform != "linux":
        sys.exit("The bench reads what processes cost from /proc, so it needs Linux.")
    if (options.size or options.line_size) and not UPPY.exists():
        sys.exit("Uppy is not installed: start the bench by `make bench`, which does that.")
    zipped = COPIES_OF_ZIPPED * max(options.zip_size, options.zip_files * SMALL_ZIPPED)
    needed = max(options.size * options.rounds * CONTENDERS_OF_ONE_SITE, zipped)
    if shutil.disk_usage(folder).free < needed:
        sys.exit(
            f"{_words(needed)} must be free in {folder.parent} (TMPDIR): choose fewer --rounds or less --size."
        )


if __name__ == "__main__":
    main()
