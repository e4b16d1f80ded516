"""Requests for files, their guests, the files that guests deliver, and the mails about them."""

from sharing.requests.models.digest import ArrivalDigest
from sharing.requests.models.file_request import FileRequest
from sharing.requests.models.guest import Delivery, Guest

__all__ = ["ArrivalDigest", "Delivery", "FileRequest", "Guest"]
