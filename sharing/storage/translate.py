"""Turns what boto3 raises into the errors of this room."""

from collections.abc import Callable
from functools import wraps

from botocore.exceptions import BotoCoreError, ClientError

from sharing.storage.errors import (
    AccessRefused,
    BucketUnreachable,
    MultipartMissing,
    ObjectMissing,
    PartsRefused,
    StorageError,
)

# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; a HEAD has no body, so its code is the status.
_BY_CODE: dict[str, type[StorageError]] = {
    "NoSuchUpload": MultipartMissing,
    "NoSuchKey": ObjectMissing,
    "404": ObjectMissing,
    "InvalidPart": PartsRefused,
    "InvalidPartOrder": PartsRefused,
    "EntityTooSmall": PartsRefused,
    "BadDigest": PartsRefused,
    "AccessDenied": AccessRefused,
    "403": AccessRefused,
    "InvalidAccessKeyId": AccessRefused,
    "SignatureDoesNotMatch": AccessRefused,
    "ExpiredToken": AccessRefused,
}


def translated_errors[**P, R](call: Callable[P, R]) -> Callable[P, R]:
    """Raise a StorageError where `call` raises one of boto3's; the original stays as its cause."""

    @wraps(call)
    def translating(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except ClientError as error:
            raise _translation(error)(str(error)) from error
        except BotoCoreError as error:
            # No connection, a time-out, or no credentials: boto3 has already retried what was worth it.
            raise BucketUnreachable(str(error)) from error

    return translating


def _translation(error: ClientError) -> type[StorageError]:
    if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
        return BucketUnreachable
    return _BY_CODE.get(error.response["Error"]["Code"], StorageError)
