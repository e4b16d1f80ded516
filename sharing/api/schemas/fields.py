"""Types of the fields of schemas."""

import unicodedata
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

# How long names, paths and digests may be is said by the rules of the files app, for each upload of a batch alone.
Sha256 = Annotated[str, Field(description="SHA-256 of the bytes, in base64.")]


def _storable(text: str) -> str:
    if any(unicodedata.category(char) == "Cs" or char == "\0" for char in text):
        raise ValueError(_("The text contains characters that can't be saved."))
    return text


# Stands last in a type: behind it, pydantic would call the characters of a text its items.
STORABLE = AfterValidator(_storable)
