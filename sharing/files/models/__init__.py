"""A file, the upload that brings it, the parts it comes in, and the URLs that were handed out for it."""

from sharing.files.models.direct_url import DirectURL
from sharing.files.models.file import File
from sharing.files.models.orphaned_object import OrphanedObject
from sharing.files.models.part import Part
from sharing.files.models.upload import Upload
from sharing.files.models.upload_spec import UploadSpec

__all__ = ["DirectURL", "File", "OrphanedObject", "Part", "Upload", "UploadSpec"]
