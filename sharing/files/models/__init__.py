"""Files, the uploads that bring them, the parts these come in, who sends them, and the direct URLs to files."""

from sharing.files.models.direct_url import DirectURL
from sharing.files.models.file import File
from sharing.files.models.orphaned_object import OrphanedObject
from sharing.files.models.part import Part
from sharing.files.models.senders import OwnerSender, Refusal, Sender, SenderKind, register_senders
from sharing.files.models.upload import Upload
from sharing.files.models.upload_spec import UploadSpec

__all__ = [
    "DirectURL",
    "File",
    "OrphanedObject",
    "OwnerSender",
    "Part",
    "Refusal",
    "Sender",
    "SenderKind",
    "Upload",
    "UploadSpec",
    "register_senders",
]
