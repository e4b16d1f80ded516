"""The bucket: presigned URLs for browsers, and the few calls that the app makes itself.

django-storages holds the connection by which the app *calls* (`S3_ENDPOINT_URL`); a client of our own
*signs* for the address that browsers reach (`S3_PUBLIC_ENDPOINT_URL`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage

from sharing.storage.config import BucketConfig
from sharing.storage.disposition import attachment
from sharing.storage.translate import translated_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

# S3 refuses longer: X-Amz-Expires is at most seven days.
MAX_URL_SECONDS = 604_800
DOWNLOAD_SECONDS = 300
FORM_SECONDS = 3600
PART_SECONDS = 3600


@dataclass(frozen=True)
class PresignedPost:
    """A form that uploads one object: `fields` go before the file's own field, which is called `file`."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True)
class PresignedPart:
    """A PUT of one part. The bucket refuses it without exactly these headers and this length in bytes."""

    number: int
    size: int
    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class StoredPart:
    number: int
    size: int
    etag: str


@dataclass(frozen=True)
class StoredObject:
    """What the bucket says of an object: bytes, ETag without quotes, SHA-256 in base64 or "" (`-N` when composite)."""

    size: int
    etag: str
    sha256: str


class Bucket:
    """One private bucket. Every method may raise a StorageError."""

    def __init__(self, config: BucketConfig) -> None:
        self.config = config
        self.name = config.name

    @cached_property
    def client(self) -> "S3Client":
        """The client that calls: one for all threads, since each holds some 10 MB and all may share it."""
        client: S3Client = S3Storage(**self.config.storage_options()).connection.meta.client
        return client

    @cached_property
    def signer(self) -> "S3Client":
        """The client that signs; the same one where browsers and the app reach the bucket by one address."""
        if self.config.public_endpoint_url == self.config.endpoint_url:
            return self.client
        return boto3.session.Session().client(
            "s3",
            region_name=self.config.region,
            endpoint_url=self.config.public_endpoint_url,
            aws_access_key_id=self.config.access_key,
            aws_secret_access_key=self.config.secret_key,
            aws_session_token=self.config.session_token,
            config=self.config.client_config(),
        )

    # Presigned requests: signed here, sent by a browser

    def presign_download(
        self, key: str, *, filename: str, content_type: str, seconds: int = DOWNLOAD_SECONDS
    ) -> str:
        """The URL of a GET that saves the object as `filename`, good for `seconds` (1 to 604,800)."""
        return self.signer.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.name,
                "Key": key,
                "ResponseContentDisposition": attachment(filename),
                "ResponseContentType": content_type,
                "ResponseCacheControl": "private, no-store",
            },
            ExpiresIn=seconds,
        )

    def presign_form(
        self,
        key: str,
        *,
        content_type: str,
        smallest: int,
        largest: int,
        sha256: str = "",
        redirect: str = "",
        seconds: int = FORM_SECONDS,
    ) -> PresignedPost:
        """A form for an object of `smallest` to `largest` bytes, pinned to its key, type and, where given, digest.

        `sha256` is in base64. `redirect` is where the bucket sends the browser afterwards; else it answers 201.
        """
        pinned = {"Content-Type": content_type}
        pinned |= {"success_action_redirect": redirect} if redirect else {"success_action_status": "201"}
        if sha256:
            pinned |= {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": sha256}
        conditions: list[Any] = [{name: value} for name, value in pinned.items()]
        post = self.signer.generate_presigned_post(
            self.name,
            key,
            Fields=dict(pinned),
            Conditions=[*conditions, ["content-length-range", smallest, largest]],
            ExpiresIn=seconds,
        )
        return PresignedPost(post["url"], post["fields"])

    def presign_part(
        self,
        key: str,
        multipart_id: str,
        *,
        number: int,
        size: int,
        sha256: str = "",
        seconds: int = PART_SECONDS,
    ) -> PresignedPart:
        """A PUT of part `number`, pinned to its length in bytes and, where given, its SHA-256 (base64)."""
        params: dict[str, Any] = {
            "Bucket": self.name,
            "Key": key,
            "UploadId": multipart_id,
            "PartNumber": number,
            "ContentLength": size,
        }
        headers = {}
        if sha256:
            params["ChecksumSHA256"] = headers["x-amz-checksum-sha256"] = sha256
        url = self.signer.generate_presigned_url("upload_part", Params=params, ExpiresIn=seconds)
        return PresignedPart(number, size, url, headers)

    # Calls that the app makes itself

    @translated_errors
    def create_multipart(self, key: str, *, content_type: str, with_sha256: bool) -> str:
        """Begin a multipart upload; returns S3's UploadId."""
        checksum: dict[str, Any] = {"ChecksumAlgorithm": "SHA256"} if with_sha256 else {}
        answer = self.client.create_multipart_upload(
            Bucket=self.name, Key=key, ContentType=content_type, **checksum
        )
        return answer["UploadId"]

    @translated_errors
    def list_parts(self, key: str, multipart_id: str) -> list[StoredPart]:
        """The parts that the bucket has, in order. Raises MultipartMissing. One call for each 1,000 parts."""
        pages = self.client.get_paginator("list_parts").paginate(
            Bucket=self.name, Key=key, UploadId=multipart_id
        )
        return [
            StoredPart(part["PartNumber"], part["Size"], part["ETag"].strip('"'))
            for page in pages
            for part in page.get("Parts", [])
        ]

    @translated_errors
    def complete_multipart(
        self, key: str, multipart_id: str, parts: Iterable[StoredPart], *, digests: dict[int, str]
    ) -> None:
        """Join the parts into the object. Raises MultipartMissing or PartsRefused."""
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
        """Drop the parts of an unfinished upload. Raises MultipartMissing."""
        self.client.abort_multipart_upload(Bucket=self.name, Key=key, UploadId=multipart_id)

    @translated_errors
    def head(self, key: str) -> StoredObject:
        """What the bucket holds under `key`. Raises ObjectMissing."""
        answer = self.client.head_object(Bucket=self.name, Key=key, ChecksumMode="ENABLED")
        return StoredObject(
            answer["ContentLength"], answer["ETag"].strip('"'), answer.get("ChecksumSHA256", "")
        )

    @translated_errors
    def copy(self, key: str, target: str) -> None:
        """Copy an object inside the bucket, in parts above 5 GiB; no byte comes here. Raises ObjectMissing."""
        self.client.copy({"Bucket": self.name, "Key": key}, self.name, target)

    @translated_errors
    def delete(self, key: str) -> None:
        """Delete an object; one that is not there is no error."""
        self.client.delete_object(Bucket=self.name, Key=key)

    @translated_errors
    def exists(self) -> bool:
        """Whether the bucket itself is there and answers us."""
        try:
            self.client.head_bucket(Bucket=self.name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            raise
        return True

    @translated_errors
    def create(self) -> None:
        """Create the bucket, private as S3 makes them."""
        if self.config.region == "us-east-1":
            # The one region that must not be named as a constraint.
            self.client.create_bucket(Bucket=self.name)
        else:
            region: Any = {"LocationConstraint": self.config.region}
            self.client.create_bucket(Bucket=self.name, CreateBucketConfiguration=region)

    def ensure_exists(self) -> None:
        if not self.exists():
            self.create()

    @translated_errors
    def allow_origins(self, origins: list[str]) -> None:
        """Let browsers at these origins send to and fetch from the bucket; every other CORS rule goes."""
        self.client.put_bucket_cors(
            Bucket=self.name,
            CORSConfiguration={
                "CORSRules": [
                    {
                        "AllowedOrigins": origins,
                        "AllowedMethods": ["GET", "HEAD", "POST", "PUT"],
                        "AllowedHeaders": ["*"],
                        "ExposeHeaders": ["ETag", "x-amz-checksum-sha256"],
                        "MaxAgeSeconds": 3600,
                    }
                ]
            },
        )

    @translated_errors
    def allowed_origins(self) -> list[str]:
        """The origins that CORS lets upload by PUT and POST."""
        try:
            rules = self.client.get_bucket_cors(Bucket=self.name)["CORSRules"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchCORSConfiguration":
                return []
            raise
        return [
            origin for rule in rules if "PUT" in rule["AllowedMethods"] for origin in rule["AllowedOrigins"]
        ]


@cache
def get_bucket() -> Bucket:
    """The bucket of this instance."""
    return Bucket(settings.BUCKET)
