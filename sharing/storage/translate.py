"""Translates boto3's errors into those of this app."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError

from sharing.storage.deadline import LONG, ORDINARY, Timeout, in_time
from sharing.storage.errors import (
    AccessRefused,
    BucketUnreachable,
    MultipartMissing,
    ObjectMissing,
    PartsRefused,
    StorageError,
)

# Too much, too slow or in the way of another request: the same may well be done in a while.
_FOR_NOW = {
    "OperationAborted",
    "RequestTimeout",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
}
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


@contextmanager
def translating() -> Iterator[None]:
    """Raise a StorageError in place of an error of boto3, which becomes its cause."""
    try:
        yield
    except ClientError as error:
        translation = _translation(error)(str(error))
        translation.code = error.response["Error"].get("Code", "")
        raise translation from error
    except BotoCoreError as error:
        # No connection, a time-out, or no credentials: boto3 has already retried what was worth it.
        raise BucketUnreachable(str(error)) from error


def translated_errors[**P, R](call: Callable[P, R]) -> Callable[P, R]:
    """Decorate a call: boto3's errors are translated, and its time is limited."""
    return _limited(call, ORDINARY)


def translated_errors_of_long_call[**P, R](call: Callable[P, R]) -> Callable[P, R]:
    """Decorate a call that the bucket answers only when it is done, such as a copy: it gets more time."""
    return _limited(call, LONG)


def translated_pages[Page](pages: Iterable[Page]) -> Iterator[Page]:
    """Yield the pages of a list, with boto3's errors translated and the time for each limited."""
    following = iter(pages)
    while True:
        with translating():
            page = in_time(partial(next, following, None))
        if page is None:
            return
        yield page


def _limited[**P, R](call: Callable[P, R], timeout: Timeout) -> Callable[P, R]:
    @wraps(call)
    def calling(*args: P.args, **kwargs: P.kwargs) -> R:
        with translating():
            return in_time(partial(call, *args, **kwargs), timeout)

    return calling


def _translation(error: ClientError) -> type[StorageError]:
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    # A call that is not implemented, or does not fit, will not be in a moment either.
    code = error.response["Error"].get("Code", "")
    if code in _FOR_NOW or status == HTTPStatus.TOO_MANY_REQUESTS:
        return BucketUnreachable
    if status >= 500 and status not in {HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.INSUFFICIENT_STORAGE}:
        return BucketUnreachable
    return _BY_CODE.get(code, StorageError)
