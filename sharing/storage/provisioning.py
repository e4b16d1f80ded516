"""The bucket itself: creating it, and its CORS rules."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sharing.storage.connection import Connection
from sharing.storage.translate import translated_errors

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CORSRuleOutputTypeDef, CORSRuleTypeDef

CORS_RULE = "waybill"


class Provisioning(Connection):
    @translated_errors
    def exists(self) -> bool:
        """True if the bucket exists and answers us. Raises AccessRefused if it does not know our keys."""
        try:
            self.client.head_bucket(Bucket=self.name)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == 404:
                return False
            if status == 403:
                return self._is_listed()
            raise
        return True

    def _is_listed(self) -> bool:
        """True if the bucket exists, asked by GET: a HEAD has no body, and so does not say why it was refused."""
        try:
            self.client.list_objects_v2(Bucket=self.name, MaxKeys=1)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in {"NoSuchBucket", "AccessDenied"}:
                raise
            # A bucket that is not there cannot refuse us.
            return code == "AccessDenied"
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
        """Let browsers at these origins send to and fetch from the bucket. Rules that are not ours stay."""
        ours: CORSRuleTypeDef = {
            "ID": CORS_RULE,
            "AllowedOrigins": origins,
            "AllowedMethods": ["GET", "HEAD", "POST", "PUT"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag", "x-amz-checksum-sha256"],
            "MaxAgeSeconds": 3600,
        }
        others: list[CORSRuleTypeDef | CORSRuleOutputTypeDef] = [
            rule for rule in self._cors_rules() if rule.get("ID") != CORS_RULE
        ]
        self.client.put_bucket_cors(Bucket=self.name, CORSConfiguration={"CORSRules": [*others, ours]})

    @translated_errors
    def allowed_origins(self) -> list[str]:
        """Return the origins that CORS allows to upload by PUT and POST."""
        return [
            origin
            for rule in self._cors_rules()
            if {"PUT", "POST"} <= {*rule["AllowedMethods"]}
            for origin in rule["AllowedOrigins"]
        ]

    def _cors_rules(self) -> "list[CORSRuleOutputTypeDef]":
        try:
            return self.client.get_bucket_cors(Bucket=self.name)["CORSRules"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchCORSConfiguration":
                return []
            raise
