"""The bucket's settings: its endpoint, our keys, and the endpoint that browsers use."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from botocore.config import Config

from sharing.environment import AddressingStyle, Environment
from sharing.home import Home

EMBEDDED_BUCKET = "waybill"


@dataclass(frozen=True)
class BucketConfig:
    """One bucket. Keys are None where boto3's own credential chain finds them (a role, a profile).

    The app calls `endpoint_url`; browsers get URLs signed for `public_endpoint_url`. They differ
    behind a proxy or in a container.
    """

    name: str
    region: str
    endpoint_url: str
    public_endpoint_url: str
    addressing_style: AddressingStyle
    access_key: str | None
    secret_key: str | None
    session_token: str | None
    is_embedded: bool
    # When the keys expire; None for keys that do not, and for those that boto3 finds, which say so themselves.
    keys_end_at: datetime | None = None

    @classmethod
    def from_environment(cls, environment: Environment, home: Home) -> "BucketConfig":
        """Return the bucket that the environment describes, else the embedded one."""
        if not environment.S3_BUCKET:
            return cls._embedded(environment, home)
        region = environment.S3_REGION or environment.AWS_REGION
        style = environment.S3_ADDRESSING_STYLE
        endpoint = environment.S3_ENDPOINT_URL
        if not endpoint:
            # Named in full: boto3 would sign for a host that sends browsers on to the bucket's region, or nowhere.
            endpoint = f"https://s3.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
            style = "path" if style == "path" else "virtual"
        return cls(
            name=environment.S3_BUCKET,
            region=region,
            endpoint_url=endpoint,
            public_endpoint_url=environment.S3_PUBLIC_ENDPOINT_URL or endpoint,
            addressing_style=style,
            access_key=environment.AWS_ACCESS_KEY_ID or None,
            secret_key=environment.AWS_SECRET_ACCESS_KEY or None,
            session_token=environment.AWS_SESSION_TOKEN or None,
            is_embedded=False,
            keys_end_at=environment.AWS_CREDENTIAL_EXPIRATION,
        )

    @classmethod
    def _embedded(cls, environment: Environment, home: Home) -> "BucketConfig":
        endpoint = f"http://127.0.0.1:{environment.BUCKET_PORT}"
        return cls(
            name=EMBEDDED_BUCKET,
            region="us-east-1",
            endpoint_url=endpoint,
            public_endpoint_url=environment.S3_PUBLIC_ENDPOINT_URL or endpoint,
            addressing_style="path",
            access_key=home.secret("bucket-access-key", length=20),
            secret_key=home.secret("bucket-secret-key", length=40),
            session_token=None,
            is_embedded=True,
        )

    @property
    def public_origin(self) -> str:
        """Return the scheme, host and port that a browser talks to: what the Content-Security-Policy must allow."""
        parts = urlsplit(self.bucket_url(self.public_endpoint_url))
        return f"{parts.scheme}://{parts.netloc}"

    def bucket_url(self, endpoint: str) -> str:
        """Return the bucket's URL at this endpoint, without a slash at its end."""
        parts = urlsplit(endpoint)
        if self.addressing_style == "virtual":
            return f"{parts.scheme}://{self.name}.{parts.netloc}"
        return f"{parts.scheme}://{parts.netloc}/{self.name}"

    def object_url(self, endpoint: str, key: str) -> str:
        """Return an object's URL at this endpoint, percent-encoded as signatures require."""
        return f"{self.bucket_url(endpoint)}/{quote(key, safe='/-._~')}"

    def client_config(self) -> Config:
        """Return boto3's configuration.

        `when_required`: boto3 otherwise adds checksums that R2, SeaweedFS and others refuse.
        """
        return Config(
            signature_version="s3v4",
            s3={"addressing_style": self.addressing_style},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            # The time that a call may take in all is in deadline.py: these end calls that were given up on.
            retries={"mode": "standard", "max_attempts": 2},
            connect_timeout=3,
            read_timeout=60,
            max_pool_connections=32,
        )

    def storage_options(self) -> dict[str, Any]:
        """Return the OPTIONS of django-storages' S3Storage: private objects, signed URLs, no overwriting."""
        return {
            "bucket_name": self.name,
            "region_name": self.region,
            "endpoint_url": self.endpoint_url,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
            "security_token": self.session_token,
            "client_config": self.client_config(),
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
        }
