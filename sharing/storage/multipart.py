"""Multipart uploads: creating, listing, completing and aborting them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sharing.storage.connection import Connection
from sharing.storage.translate import (
    translated_errors,
    translated_errors_of_long_call,
    translated_pages,
)

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef


@dataclass(frozen=True)
class StoredPart:
    number: int
    size: int
    etag: str


@dataclass(frozen=True)
class UnfinishedMultipart:
    """A multipart upload that was neither completed nor aborted."""

    key: str
    multipart_id: str
    initiated_at: datetime


class Multipart(Connection):
    @translated_errors
    def create_multipart(self, key: str, *, content_type: str, with_sha256: bool) -> str:
        """Create a multipart upload, and return S3's UploadId."""
        checksum: dict[str, Any] = {"ChecksumAlgorithm": "SHA256"} if with_sha256 else {}
        answer = self.client.create_multipart_upload(
            Bucket=self.name, Key=key, ContentType=content_type, **checksum
        )
        return answer["UploadId"]

    @translated_errors
    def list_parts(self, key: str, multipart_id: str) -> list[StoredPart]:
        """Return the parts that the bucket has, in order. One call for each 1,000 parts. Raises MultipartMissing."""
        pages = self.client.get_paginator("list_parts").paginate(
            Bucket=self.name, Key=key, UploadId=multipart_id
        )
        return [
            StoredPart(part["PartNumber"], part["Size"], part["ETag"].strip('"'))
            for page in pages
            for part in page.get("Parts", [])
        ]

    @translated_errors_of_long_call
    def complete_multipart(
        self, key: str, multipart_id: str, parts: Iterable[StoredPart], *, digests: Mapping[int, str]
    ) -> None:
        """Join the parts into the object. Raises MultipartMissing, PartsRefused."""
        completed: list[CompletedPartTypeDef] = []
        for part in parts:
            joined: CompletedPartTypeDef = {"PartNumber": part.number, "ETag": part.etag}
            if part.number in digests:
                joined["ChecksumSHA256"] = digests[part.number]
            completed.append(joined)
        self.client.complete_multipart_upload(
            Bucket=self.name, Key=key, UploadId=multipart_id, MultipartUpload={"Parts": completed}
        )

    @translated_errors
    def abort_multipart(self, key: str, multipart_id: str) -> None:
        """Abort an unfinished upload, whose parts are deleted. Raises MultipartMissing."""
        self.client.abort_multipart_upload(Bucket=self.name, Key=key, UploadId=multipart_id)

    @translated_errors
    def put_part(self, key: str, multipart_id: str, number: int, body: bytes, *, sha256: str) -> None:
        """Send a part of a few bytes of our own, pinned to a digest in base64."""
        self.client.upload_part(
            Bucket=self.name,
            Key=key,
            UploadId=multipart_id,
            PartNumber=number,
            Body=body,
            ChecksumSHA256=sha256,
        )

    def list_multiparts(self, prefix: str, *, page_size: int) -> Iterator[list[UnfinishedMultipart]]:
        """Yield the unfinished uploads whose keys begin with `prefix`, in pages of at most `page_size` (1 to 1,000)."""
        pages = self.client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self.name, Prefix=prefix, PaginationConfig={"PageSize": page_size}
        )
        for page in translated_pages(pages):
            yield [
                UnfinishedMultipart(found["Key"], found["UploadId"], found["Initiated"])
                for found in page.get("Uploads", [])
            ]
