"""One e-mail address as people type and paste it: tidied, validated, and as a form's field."""

import unicodedata
from typing import Any
from urllib.parse import unquote

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# RFC 5321 section 4.5.3.1.3: a path of 256 octets, its angle brackets included.
MAX_EMAIL = 254
# Room for a name, `mailto:` and what a sentence puts around an address. Longer is no address, and costs time to read.
MAX_TYPED = 4 * MAX_EMAIL
# Ends of sentences, quotes, brackets, and marks of words in a chat, in several scripts.
_AROUND = " \t\r\n.,;:\"()[]<>\\!?…'`´“”„‘’‚«»‹›{}*|/、，،؛؟。：；！？「」『』【】〈〉《》—–·•"  # noqa: RUF001
# Unicode's Default_Ignorable_Code_Point beyond the category Cf: they show as nothing, too.
_IGNORABLE = {
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0xFE00, 0xFE10),
    *range(0xE0000, 0xE1000),
}
_UNSEEN_CATEGORIES = {"Cf", "Cc", "Zl", "Zp"}


def tidied(typed: str) -> str:
    """Return the address alone: without its name, `mailto:`, the sentence around it, and what cannot be seen.

    Full-width characters become plain ones. It may still be no address.
    """
    text = "".join(char for char in typed[:MAX_TYPED] if not _is_unseen(char))
    text = unicodedata.normalize("NFKC", text).replace("\N{IDEOGRAPHIC FULL STOP}", ".").strip()
    if text.endswith((">", ">.", ">,", ">;")) and "<" in text:
        text = text.rpartition("<")[2]
    # A quotation mark may begin a local part (RFC 5321 section 4.1.2), and a bracket end a host.
    text = text.rstrip(_AROUND) if "@[" not in text else text
    text = text.lstrip(_AROUND) if not text.startswith('"') else text
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:].partition("?")[0]).strip(_AROUND)
    return text


def check(email: str) -> None:
    """Raise ValidationError for what no mail server takes as an address."""
    validate_email(email)
    local, _, host = email.rpartition("@")
    # A local part outside of ASCII needs SMTPUTF8, which few servers speak.
    is_name = host.startswith("[") or all(
        char in "-." or unicodedata.category(char)[0] in "LMN" for char in host
    )
    if len(email) > MAX_EMAIL or not local.isascii() or not is_name or any(map(_is_unseen, email)):
        raise ValidationError(validate_email.message, code="invalid")
    try:
        host.encode("idna")
    except UnicodeError as error:
        raise ValidationError(validate_email.message, code="invalid") from error


class EmailField(forms.EmailField):
    """A form's field for one address, which is tidied before it is validated."""

    default_validators = [check]

    def to_python(self, value: Any) -> str:
        return tidied(super().to_python(value) or "")


def _is_unseen(char: str) -> bool:
    is_break = char in "\t\r\n"
    return not is_break and (ord(char) in _IGNORABLE or unicodedata.category(char) in _UNSEEN_CATEGORIES)
