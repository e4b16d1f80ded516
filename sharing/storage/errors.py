"""Errors of the bucket. No `ClientError` of boto3 leaves this app."""

from django.utils.translation import gettext_lazy as _

from sharing.http.outages import Outage


class StorageError(Exception):
    """The bucket did not do as asked. `code` is S3's own word for why, such as "AccessDenied", where it gave one."""

    code = ""


class BucketUnreachable(StorageError, Outage):
    """No answer, or a 5xx after all retries: worth trying again later."""

    slug = "bucket-unreachable"
    detail = _("Storage is not responding. Try again in a moment.")


class CallAbandoned(BucketUnreachable):
    """No answer in time: the bucket may do what was asked all the same, later."""


class AccessRefused(StorageError):
    """The bucket refuses our keys, or what they ask for."""


class ObjectMissing(StorageError):
    """There is no object under this key."""


class MultipartMissing(StorageError):
    """The bucket does not know this multipart upload: completed, aborted, or never created."""


class PartsRefused(StorageError):
    """The bucket does not accept the parts as listed: one is missing, too small or different."""
