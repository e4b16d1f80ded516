"""One large file into the bucket, by each contender."""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sharing.storage.bucket import Bucket
from tests.bench.chromium import Chromium, PageError, Tab
from tests.bench.line import Line
from tests.bench.meters import PeakMemory, cpu_seconds, python_processes
from tests.bench.programs import TIMEOUT_SECONDS, tus_server
from tests.bench.proxy import proxied
from tests.bench.report import Cost, Measured
from tests.bench.site import FOLDER, Site

UPPY = FOLDER / "node_modules" / "uppy" / "dist" / "uppy.min.js"
TUS = FOLDER / "node_modules" / "tus-js-client" / "dist" / "tus.min.js"
MODULES = ("lib/api.js", "uploads/queue.js", "uploads/records.js", "uploads/source.js")
WARM_UP = 64 * 1024 * 1024
IDLE_SECONDS = 5.0


class LargeFile:
    """Sends `size` bytes to a site's bucket, and sees that they arrived and go again."""

    def __init__(self, site: Site, chromium: Chromium, size: int) -> None:
        self.site = site
        self.chromium = chromium
        self.size = size

    def warm_up(self) -> None:
        """A bucket's first bytes take longer, whoever sends them."""
        LargeFile(self.site, self.chromium, min(self.size, WARM_UP)).bare()

    def bare(self) -> Measured:
        with self._tab("bare.js") as tab:
            return self._ended(tab, tab.run("bench.bare()", seconds=TIMEOUT_SECONDS))

    def ours(self) -> Measured:
        return self._ours("with checksums", with_checksums=True)

    def ours_without_checksums(self) -> Measured:
        return self._ours("without", with_checksums=False)

    def uppy(self) -> Measured:
        config = self.site.bucket.config
        options = {
            "endpoint": f"{self.site.bucket_url}/{config.name}",
            "region": config.region,
            "credentials": {"accessKeyId": config.access_key, "secretAccessKey": config.secret_key},
        }
        with self._tab("uppy.js") as tab:
            tab.run(UPPY.read_text())
            result = tab.run(f"bench.uppy({json.dumps(options)})", seconds=TIMEOUT_SECONDS)
        return self._ended_unknown_to_the_app(result["key"], result["seconds"])

    def boto3(self, file: Path, *, with_checksums: bool = False) -> Measured:
        """boto3's transfer manager sends a file of the disk."""
        bucket = Bucket(replace(self.site.bucket.config, endpoint_url=self.site.bucket_url))
        extra = {"ChecksumAlgorithm": "SHA256"} if with_checksums else {}

        def send(site: Site, file: Path, key: str) -> None:
            bucket.client.upload_file(str(file), bucket.name, key, ExtraArgs=extra)

        return self.program(send, file)

    def program(self, send: Callable[[Site, Path, str], None], file: Path) -> Measured:
        """A program that is no browser sends a file of the disk; the time that it takes to start is part of it."""
        key = "bench/program"
        os.sync()
        start = time.perf_counter()
        send(self.site, file, key)
        return self._ended_unknown_to_the_app(key, time.perf_counter() - start)

    def tus(self) -> Measured:
        """A browser sends to a tus server, which sends to the bucket that stands beside it."""
        with (
            tus_server(self.site) as server,
            proxied(self.site.line or Line(0), server) as [port],
            self.chromium.tab(f"http://127.0.0.1:{port}/") as tab,
        ):
            for script in (FOLDER / "page" / "bench.js", TUS, FOLDER / "page" / "tus.js"):
                tab.run(script.read_text())
            self._make_file(tab)
            result = tab.run("bench.tus('/files')", seconds=TIMEOUT_SECONDS)
        self.site.bucket.delete(f"{result['key']}.info")
        return self._ended_unknown_to_the_app(result["key"], result["seconds"])

    def idle(self) -> Cost:
        """Return what the app uses in a second in which nobody does anything."""
        pids = python_processes(self.site.instance.process.pid)
        before = cpu_seconds(pids)
        time.sleep(IDLE_SECONDS)
        return Cost("the app, idle for a second", "s of CPU", (cpu_seconds(pids) - before) / IDLE_SECONDS)

    def _ours(self, name: str, *, with_checksums: bool) -> Measured:
        modules = [self.site.static_url(f"js/{name}") for name in MODULES]
        options = {"withChecksums": with_checksums}
        with self._tab("ours.js") as tab:
            pids = python_processes(self.site.instance.process.pid)
            memory = PeakMemory(self.chromium.pid)
            before = cpu_seconds(pids)
            result = tab.run(
                f"bench.ours({json.dumps(modules)}, {json.dumps(options)})", seconds=TIMEOUT_SECONDS
            )
            app = Cost(f"the app, ours {name}", "s of CPU", cpu_seconds(pids) - before)
            growth = Cost(f"the tab's growth, ours {name}", "MB", memory.growth() / 1e6)
            return self._ended(tab, result, app, growth)

    @contextlib.contextmanager
    def _tab(self, script: str) -> Iterator[Tab]:
        """A new tab that holds the bytes, with nothing of the run before left to be done."""
        with self.site.dashboard(self.chromium, script) as tab:
            self._make_file(tab)
            yield tab

    def _make_file(self, tab: Tab) -> None:
        tab.run(f"bench.makeFile({self.size})")
        tab.collect_garbage()
        os.sync()

    def _ended(self, tab: Tab, result: dict[str, Any], *costs: Cost) -> Measured:
        """See that the file is ready, and delete it."""
        file = result["file"]
        if file["state"] != "ready" or file["size"] != self.size:
            raise PageError(f"{file['size']} bytes are {file['state']}")
        tab.run(f"bench.ask('POST', {json.dumps(file['url'] + 'deletion/')})")
        self.site.wait_until_purged()
        return Measured(result["seconds"], costs)

    def _ended_unknown_to_the_app(self, key: str, seconds: float) -> Measured:
        bucket = self.site.bucket
        arrived = bucket.head(key).size
        bucket.delete(key)
        if arrived != self.size:
            raise PageError(f"{arrived} bytes arrived")
        return Measured(seconds)
