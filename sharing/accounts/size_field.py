"""A form's field for an amount of bytes, typed as people write it: `20 GB`, `1.5 TB`, `500 MiB`."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_SIZE = re.compile(r"(\d{1,19}(?:[.,]\d{1,3})?)\s*(?:([kmgtp])(i?))?(?:b|bytes?)?", re.IGNORECASE)
_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
# The most that a 64-bit column holds.
MAX_SIZE = 2**63 - 1


def read_size(text: str) -> int:
    """Return the bytes of `20 GB` (decimal) or `20 GiB` (binary). Raises ValidationError."""
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise ValidationError(_("Enter a size such as 20 GB or 500 MB."), code="invalid")
    number, prefix, binary = match.groups()
    factor = (1024 if binary else 1000) ** _POWERS.get((prefix or "").lower(), 0)
    size = int(Decimal(number.replace(",", ".")) * factor)
    if size > MAX_SIZE:
        raise ValidationError(_("This size is too large."), code="too_large")
    return size


def written_size(size: int) -> str:
    """Return the bytes exactly, in the largest decimal unit that needs no fraction: `20 GB`, `1500 MB`, `5000 kB`."""
    for unit, power in (("PB", 5), ("TB", 4), ("GB", 3), ("MB", 2), ("kB", 1)):
        if size and size % 1000**power == 0:
            return f"{size // 1000**power} {unit}"
    return f"{size} B"


class SizeField(forms.CharField):
    """Cleans to a number of bytes, or None where it may stay empty."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return read_size(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return written_size(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True
