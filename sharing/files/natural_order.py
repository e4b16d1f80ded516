"""The natural order of names: `file2` before `file10`, capitals and accents as their plain letters."""

import re
import unicodedata

# In bytes: PostgreSQL indexes no row of more than 2,704.
MAX_KEY_LENGTH = 400
_NUMBER = re.compile(r"\d+")


def natural_key(text: str) -> bytes:
    """Return the key by which names are sorted: they stand in the order of these bytes, on every database."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NUMBER.sub(_with_length, plain).encode(errors="replace")[:MAX_KEY_LENGTH]


def _with_length(match: re.Match[str]) -> str:
    """Return a number behind the number of its digits, of which there are at most 255: the longer is the larger."""
    digits = match[0].lstrip("0")
    return f"{len(digits):03}{digits}"
