"""Looking at, deleting and listing the bucket's objects. No byte of a file passes through here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

import urllib3

from sharing.storage.connection import Connection
from sharing.storage.errors import ObjectMissing
from sharing.storage.translate import translated_errors, translated_pages

TIMEOUT_SECONDS = 10
HEAD_SECONDS = 60


@dataclass(frozen=True)
class StoredObject:
    """An object as the bucket reports it: bytes, ETag without quotes, SHA-256 in base64 or "" (`-N` if composite)."""

    size: int
    etag: str
    sha256: str


@dataclass(frozen=True)
class ListedObject:
    key: str
    size: int
    modified_at: datetime


class Objects(Connection):
    @translated_errors
    def put(self, key: str, body: bytes, *, sha256: str) -> None:
        """Store a few bytes of our own, pinned to a digest in base64."""
        self.client.put_object(Bucket=self.name, Key=key, Body=body, ChecksumSHA256=sha256)

    @translated_errors
    def head(self, key: str) -> StoredObject:
        """Return what the bucket reports of the object under `key`. Raises ObjectMissing.

        Asked without boto3, which takes most of the time of so small a request, and people send thousands of small
        files. boto3 is asked again where the first answer is not 200: it retries, and says what is wrong.
        """
        url = self.config.object_url(self.config.endpoint_url, key)
        headers = {"x-amz-checksum-mode": "ENABLED"}
        try:
            signed = self.signature().url("HEAD", url, query={}, headers=headers, seconds=HEAD_SECONDS)
            answer = self._http.urlopen(
                "HEAD", urlsplit(signed)._replace(scheme="", netloc="").geturl(), headers=headers
            )
        except urllib3.exceptions.HTTPError:
            return self._head_by_boto(key)
        if answer.status != 200:
            return self._head_by_boto(key)
        said = answer.headers
        return StoredObject(
            int(said["Content-Length"]), said["ETag"].strip('"'), said.get("x-amz-checksum-sha256", "")
        )

    @cached_property
    def _http(self) -> urllib3.HTTPConnectionPool:
        """Connections to the bucket's host alone, so that the address of each request need not be parsed."""
        address = self.config.object_url(self.config.endpoint_url, "")
        return urllib3.connection_from_url(address, maxsize=16, timeout=TIMEOUT_SECONDS, retries=False)

    @translated_errors
    def _head_by_boto(self, key: str) -> StoredObject:
        answer = self.client.head_object(Bucket=self.name, Key=key, ChecksumMode="ENABLED")
        return StoredObject(
            answer["ContentLength"], answer["ETag"].strip('"'), answer.get("ChecksumSHA256", "")
        )

    @translated_errors
    def delete(self, key: str) -> None:
        """Delete an object; one that is not there is no error."""
        self.client.delete_object(Bucket=self.name, Key=key)

    def holds(self, key: str) -> bool:
        """True if there is an object under this key."""
        try:
            self.head(key)
        except ObjectMissing:
            return False
        return True

    def list_objects(self, prefix: str, *, page_size: int) -> Iterator[list[ListedObject]]:
        """Yield the objects whose keys begin with `prefix`, in pages of at most `page_size` (1 to 1,000)."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=prefix, PaginationConfig={"PageSize": page_size}
        )
        for page in translated_pages(pages):
            yield [
                ListedObject(found["Key"], found["Size"], found["LastModified"])
                for found in page.get("Contents", [])
            ]
