"""Factories: upload random files without a browser, and make a link to them."""

import json
import secrets
import zlib
from dataclasses import dataclass
from itertools import batched
from typing import Any

from sharing.storage.plan import UploadPlan
from sharing.storage.presigning import PresignedPart, PresignedPost
from tests.bench.chromium import PageError, Tab
from tests.bucket_client import put_part, send_form, sha256

BATCH = 100
UPLOADS = "/api/v1/uploads/"


@dataclass(frozen=True)
class Sent:
    """The address of a link; size in bytes and CRC-32 of each file behind it, by its path in an archive."""

    url: str
    manifest: dict[str, tuple[int, int]]


class Sender:
    """Sends on what the API signs for whoever is signed in at this dashboard."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab

    def send(self, files: list[tuple[str, str, int]], *, title: str) -> Sent:
        """Files of these folders, names and sizes, under a link of their own."""
        ids: list[str] = []
        manifest: dict[str, tuple[int, int]] = {}
        for batch in batched(files, BATCH):
            bodies = [
                b"" if UploadPlan.of(size).is_multipart else secrets.token_bytes(size) for _, _, size in batch
            ]
            announced = [
                {
                    "path": path,
                    "name": name,
                    "size": size,
                    "checksum": "sha256",
                    "sha256": sha256(body) if body else "",
                }
                for (path, name, size), body in zip(batch, bodies, strict=True)
            ]
            started = self._ask(f"{UPLOADS}batch/", {"uploads": announced})["results"]
            uploads = [result["upload"] for result in started]
            for (path, name, size), body, upload in zip(batch, bodies, uploads, strict=True):
                checksum = self._send_form(upload, body) if upload["form"] else self._send_parts(upload)
                manifest[f"{path}/{name}"] = size, checksum
            self._ask(f"{UPLOADS}batch/completion/", {"ids": [upload["id"] for upload in uploads]})
            ids += [upload["file"]["id"] for upload in uploads]
        link = self._ask("/api/v1/links/", {"files": ids, "title": title})
        return Sent(link["url"], manifest)

    def _send_form(self, upload: dict[str, Any], body: bytes) -> int:
        answer = send_form(PresignedPost(**upload["form"]), body)
        if answer.status != 201:
            raise PageError(f"The bucket answered a form with {answer.status}")
        return zlib.crc32(body)

    def _send_parts(self, upload: dict[str, Any]) -> int:
        """One after another, so that the file is never in memory."""
        plan, checksum = UploadPlan(upload["size"], upload["part_size"]), 0
        for number in range(1, plan.part_count + 1):
            body = secrets.token_bytes(plan.length_of(number))
            checksum = zlib.crc32(body, checksum)
            wanted = {"parts": [{"number": number, "sha256": sha256(body)}]}
            (part,) = self._ask(f"{UPLOADS}{upload['id']}/parts/", wanted)["parts"]
            answer = put_part(PresignedPart(**part), body)
            if answer.status != 200:
                raise PageError(f"The bucket answered a part with {answer.status}")
        return checksum

    def _ask(self, path: str, body: dict[str, Any]) -> Any:
        return self._tab.run(f"bench.ask('POST', {json.dumps(path)}, {json.dumps(body)})")
