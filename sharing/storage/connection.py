"""The app's connection to its bucket: a boto3 client for its own calls, and signatures for those of browsers."""

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError
from botocore.utils import parse_timestamp
from django.utils import timezone
from storages.backends.s3 import S3Storage

from sharing.storage.config import BucketConfig
from sharing.storage.sigv4 import Signature
from sharing.storage.translate import translating

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class QuickStorage(S3Storage):
    """django-storages' client with a quicker parser of dates: botocore's took half the time of ListParts."""

    def _create_session(self) -> boto3.session.Session:
        session: boto3.session.Session = super()._create_session()  # type: ignore[no-untyped-call]
        parsers = session._session.get_component("response_parser_factory")
        parsers.set_parser_defaults(timestamp_parser=_moment)
        return session


class Connection:
    """Base of Bucket's traits."""

    def __init__(self, config: BucketConfig) -> None:
        self.config = config
        self.name = config.name

    @cached_property
    def client(self) -> "S3Client":
        """Return the boto3 client. All threads share it, since each client takes some 10 MB."""
        storage = QuickStorage(**self.config.storage_options())  # type: ignore[no-untyped-call]
        client: S3Client = storage.connection.meta.client
        return client

    def signature(self) -> Signature:
        """Return a signer with our current keys: those of a role change by the hour. Raises BucketUnreachable."""
        with (
            translating()
        ):  # no call to the bucket: those of a role come from a service with limits of its own
            keys = self._frozen_keys()
        return Signature(
            access_key=keys.access_key or "",
            secret_key=keys.secret_key or "",
            token=keys.token or "",
            region=self.config.region,
            now=timezone.now(),
            keys_end_at=self._keys_end_at,
        )

    @property
    def _keys_end_at(self) -> datetime | None:
        """Return when our keys expire: botocore knows of a role's, AWS_CREDENTIAL_EXPIRATION of the environment's."""
        of_a_role: datetime | None = getattr(self._credentials, "_expiry_time", None)
        return of_a_role or self.config.keys_end_at

    def warm_up(self) -> None:
        """Create the client now, which takes a moment, and not when somebody waits for it."""
        self.client.get_paginator("list_parts")

    def _frozen_keys(self) -> ReadOnlyCredentials:
        if self._credentials is None:
            raise NoCredentialsError
        return self._credentials.get_frozen_credentials()

    @cached_property
    def _credentials(self) -> Credentials | None:
        """Return the environment's keys, or those that boto3's own chain finds (a role, a profile)."""
        config = self.config
        return boto3.session.Session(
            config.access_key, config.secret_key, config.session_token
        ).get_credentials()


def _moment(text: str) -> datetime:
    """Parse ISO 8601, as S3's bodies have it; other formats, as in headers, take botocore's own parser."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parse_timestamp(text)
