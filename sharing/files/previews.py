"""Which files a browser may show, and as what: a type of ours, never the one that the uploader claims.

Nothing on this list is active: HTML, SVG and XML are not shown as what they are.
"""

import re

PLAIN_TEXT = "text/plain; charset=utf-8"
# A browser holds all of a text in memory.
MAX_TEXT_SIZE = 2 * 1024 * 1024

_SHOWN = {
    kind: kind
    for kind in (
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/avif",
        "video/mp4",
        "video/webm",
        "video/ogg",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/wav",
        "audio/webm",
        "audio/flac",
        "application/pdf",
    )
} | {"audio/x-wav": "audio/wav", "audio/wave": "audio/wav", "audio/x-flac": "audio/flac"}
_CODE = {
    "application/json",
    "application/javascript",
    "application/toml",
    "application/x-sh",
    "application/yaml",
}
# Types that browsers know no better name for than the ending.
_VAGUE = {"", "application/octet-stream"}
_TEXT_NAME = re.compile(
    r".\.(c|cpp|css|csv|go|h|ini|java|js|json|log|md|py|rb|rs|rst|sh|sql|toml|ts|txt|ya?ml)\Z", re.IGNORECASE
)


def preview_type(*, content_type: str, name: str, size: int) -> str:
    """The Content-Type under which the bucket shows a file of `size` bytes; "" for what is only downloaded."""
    claimed = content_type.partition(";")[0].strip().lower()
    if claimed in _SHOWN:
        return _SHOWN[claimed]
    is_text = claimed.startswith("text/") or claimed in _CODE
    if claimed in _VAGUE:
        is_text = bool(_TEXT_NAME.search(name))
    return PLAIN_TEXT if is_text and size <= MAX_TEXT_SIZE else ""
