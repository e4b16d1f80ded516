"""The two clients of a bucket: one that calls, and one that signs.

django-storages holds the connection by which the app *calls* (`S3_ENDPOINT_URL`); a client of our own
*signs* for the address that browsers reach (`S3_PUBLIC_ENDPOINT_URL`).
"""

from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from storages.backends.s3 import S3Storage

from sharing.storage.config import BucketConfig

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Connection:
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
