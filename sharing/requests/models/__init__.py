"""A request for files, the guests who answer it, what each of them sends, and the mails that tell of it."""

from sharing.requests.models.digest import ArrivalDigest
from sharing.requests.models.file_request import FileRequest
from sharing.requests.models.guest import Delivery, Guest

__all__ = ["ArrivalDigest", "Delivery", "FileRequest", "Guest"]
