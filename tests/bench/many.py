"""Many small files into the bucket: a folder dropped on the page, and as many bare POSTs."""

import contextlib
import json
import os
import secrets
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.chromium import Chromium, PageError
from tests.bench.report import Cost, Measured
from tests.bench.site import Site

FILE_SIZE = 10_000
LANES = 6
FILES_PER_FOLDER = 100
FOLDERS_PER_FOLDER = 10
# No file for so long: no more will come.
TIMEOUT_SECONDS = 60
# The last rows and the tables below are drawn after the last file is there.
SETTLE_SECONDS = 3
PREFIX = "bench/"


def make_folder(parent: Path, count: int) -> Path:
    """A folder with `count` files of 10 KB, two folders deep."""
    top = parent / "many files"
    for number in range(count):
        outer, inner = divmod(number // FILES_PER_FOLDER, FOLDERS_PER_FOLDER)
        folder = top / f"folder {outer}" / f"folder {inner}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"file {number}.bin").write_bytes(secrets.token_bytes(FILE_SIZE))
    return top


class ManyFiles:
    def __init__(self, site: Site, chromium: Chromium, count: int) -> None:
        self.site = site
        self.chromium = chromium
        self.count = count

    def bare(self) -> Measured:
        """Seconds for as many POSTs of as many bytes from memory, all with one signature, six at a time."""
        form = json.dumps(self._form())
        options = json.dumps({"count": self.count, "size": FILE_SIZE, "lanes": LANES})
        with self.site.dashboard(self.chromium, "bare.js") as tab:
            os.sync()
            seconds: float = tab.run(f"bench.bareForms({form}, {options})", seconds=600)["seconds"]
        arrived = self._objects()
        if arrived != self.count:
            raise PageError(f"{arrived} of {self.count} files arrived")
        return Measured(seconds)

    def drop(self, folder: Path) -> Measured:
        """Seconds from the drop on the dashboard until the app counts the last file as ready."""
        with self.site.dashboard(self.chromium, "blocks.js") as tab:
            os.sync()
            tab.run("bench.watchBlocks()")
            start = time.time()
            tab.drop(folder)
            end = self._wait_for_files()
            time.sleep(SETTLE_SECONDS)
            longest: dict[str, float] = tab.run("bench.longest")
        task = Cost("longest main-thread task", "ms", longest["task"])
        return Measured(end - start, (task, Cost("longest gap between frames", "ms", longest["frame"])))

    def _form(self) -> dict[str, Any]:
        """A form whose policy lets its sender choose the end of the key; otherwise it is as the app signs them."""
        fields = {"Content-Type": "application/octet-stream", "success_action_status": "201"}
        post = self.site.bucket.client.generate_presigned_post(
            self.site.bucket.name,
            PREFIX + "${filename}",
            Fields=dict(fields),
            Conditions=[*({name: value} for name, value in fields.items())],
        )
        return {"url": post["url"], "fields": post["fields"], "prefix": PREFIX}

    def _objects(self) -> int:
        pages = self.site.bucket.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.site.bucket.name, Prefix=PREFIX
        )
        return sum(page["KeyCount"] for page in pages)

    def _wait_for_files(self) -> float:
        """Return when the last of the files was ready, as a Unix time. Raises PageError when they stop coming."""
        ready, moved_at = 0, time.monotonic()
        while ready < self.count:
            time.sleep(0.25)
            now, last = self._ready()
            if now > ready:
                ready, moved_at = now, time.monotonic()
            elif time.monotonic() - moved_at > TIMEOUT_SECONDS:
                raise PageError(f"{ready} of {self.count} files arrived")
        return last

    def _ready(self) -> tuple[int, float]:
        """Return how many files are ready, and when the last of them was."""
        uri = f"file:{self.site.home.database}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
            query = "SELECT count(ready_at), max(ready_at) FROM files_file"
            count, last = database.execute(query).fetchone()
        return count, datetime.fromisoformat(last).replace(tzinfo=UTC).timestamp() if last else 0.0
