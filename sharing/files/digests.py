"""SHA-256 digests as S3 writes them: base64, and composite for an object that came in parts."""

import base64
import binascii
import hashlib
from collections.abc import Iterable

from django.utils.translation import gettext as _

from sharing.files.errors import InvalidPart


def parse_sha256(value: str) -> str:
    """Return a SHA-256 digest in base64 (44 characters), "" for none. Raises InvalidPart."""
    if not value:
        return ""
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidPart(_("The SHA-256 is not base64.")) from error
    if len(digest) != hashlib.sha256().digest_size:
        raise InvalidPart(_("A SHA-256 has 32 bytes, not %(n)s.") % {"n": len(digest)})
    return base64.b64encode(digest).decode()


def composite_sha256(digests: Iterable[str]) -> str:
    """Return the SHA-256 of the parts' digests, as the bucket reports it: base64, a hyphen, the count.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
    """
    parts = [base64.b64decode(digest) for digest in digests]
    whole = hashlib.sha256(b"".join(parts)).digest()
    return f"{base64.b64encode(whole).decode()}-{len(parts)}"
