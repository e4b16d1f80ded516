"""A file, the upload that brings it, and the parts it comes in."""

from sharing.files.models.announcement import Announcement
from sharing.files.models.file import File
from sharing.files.models.part import Part
from sharing.files.models.upload import Upload

__all__ = ["Announcement", "File", "Part", "Upload"]
