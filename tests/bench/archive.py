"""All files of a link as one archive that the browser packs, against a plain download of as many bytes."""

import os
import shutil
import subprocess
import time
import zipfile
import zlib
from pathlib import Path

from tests.bench.chromium import Chromium, PageError
from tests.bench.factories import Sender
from tests.bench.meters import PeakMemory
from tests.bench.report import Cost, Measured
from tests.bench.site import Site

FILES_PER_FOLDER = 100
FOLDER, FILE, PLAIN = "folder {}", "file {}.bin", "plain"
# A download that takes longer has stopped.
TIMEOUT_SECONDS = 1800
LOOK_EVERY = 0.02
PACK = "document.querySelector('download-all [data-part=begin]').click()"
DOWNLOAD = "document.querySelector('form.actions button').click()"
WORD = "document.querySelector('[data-part=word]')?.textContent"


class Archive:
    """A link to `count` files of `size` bytes each, and one to a single file of as many bytes.

    What the browser saves comes to `folder`, and goes again.
    """

    def __init__(self, site: Site, chromium: Chromium, folder: Path, *, count: int, size: int) -> None:
        self.chromium = chromium
        self.folder = folder
        files = [(FOLDER.format(n // FILES_PER_FOLDER), FILE.format(n), size) for n in range(count)]
        with site.dashboard(chromium) as tab:
            sender = Sender(tab)
            self.many = sender.send(files, title="many")
            self.one = sender.send([(PLAIN, "plain.bin", count * size)], title=PLAIN)

    def bare(self) -> Measured:
        """Seconds from the press of the button until the one file is on the disk."""
        seconds, growth, path = self._saved(self.one.url, DOWNLOAD, "plain.bin")
        [(size, checksum)] = self.one.manifest.values()
        if (path.stat().st_size, _crc(path)) != (size, checksum):
            raise PageError("Other bytes were saved than were sent")
        path.unlink()
        return Measured(seconds, (Cost("the tab's growth, bare", "MB", growth / 1e6),))

    def ours(self) -> Measured:
        """Seconds from the press of the button until the whole archive is on the disk."""
        seconds, growth, path = self._saved(self.many.url, PACK, "many.zip")
        self._check(path)
        path.unlink()
        return Measured(seconds, (Cost("the tab's growth, ours", "MB", growth / 1e6),))

    def _saved(self, url: str, press: str, name: str) -> tuple[float, int, Path]:
        """Return how long it took, how far the tab and its service worker grew meanwhile, and what was saved."""
        path = self.folder / name
        with self.chromium.tab(url) as tab:
            self.chromium.save_into(self.folder)
            tab.collect_garbage()
            os.sync()
            memory = PeakMemory(self.chromium.pid)
            start = time.perf_counter()
            tab.run(press)
            while not path.exists() or [*self.folder.glob("*.crdownload")]:
                time.sleep(LOOK_EVERY)
                if time.perf_counter() > start + TIMEOUT_SECONDS:
                    raise PageError(f"{name} was not saved: {tab.run(WORD)}")
            return time.perf_counter() - start, memory.growth(), path

    def _check(self, path: Path) -> None:
        """Python and, where it is there, Info-ZIP find every byte. Raises PageError."""
        with zipfile.ZipFile(path) as archive:
            found = {entry.filename: (entry.file_size, entry.CRC) for entry in archive.infolist()}
            if found != self.many.manifest or archive.testzip():
                raise PageError("The archive holds something else than was sent")
        if shutil.which("unzip") and subprocess.run(["unzip", "-tqq", path], check=False).returncode:
            raise PageError("unzip does not take the archive")


def _crc(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
    return checksum
