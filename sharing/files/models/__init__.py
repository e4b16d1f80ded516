"""A file, the upload that brings it, the parts it comes in, and the URLs that were handed out for it."""

from sharing.files.models.announcement import Announcement
from sharing.files.models.direct_url import DirectURL
from sharing.files.models.file import File
from sharing.files.models.leftover import Leftover
from sharing.files.models.part import Part
from sharing.files.models.upload import Upload

__all__ = ["Announcement", "DirectURL", "File", "Leftover", "Part", "Upload"]
