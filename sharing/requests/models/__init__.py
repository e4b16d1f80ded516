"""A request for files, the guests who answer it, and what each of them sends."""

from sharing.requests.models.file_request import FileRequest
from sharing.requests.models.guest import Delivery, Guest

__all__ = ["Delivery", "FileRequest", "Guest"]
