"""Compiles message catalogues for tests. The repository holds no compiled one, and a bare machine has no msgfmt."""

import ast
import struct
from pathlib import Path

_MAGIC = 0x950412DE
_HEADER = struct.Struct("<7I")
_ENTRY = struct.Struct("<2I")


def compile_catalogue(source: Path, target: Path) -> None:
    """Write a `.po` file as the `.mo` file that gettext reads. Plurals and contexts are not supported."""
    messages = sorted((key.encode(), text.encode()) for key, text in read_messages(source).items())
    offset = _HEADER.size + 2 * _ENTRY.size * len(messages)
    tables, texts = [b"", b""], b""
    for column in (0, 1):
        for message in messages:
            tables[column] += _ENTRY.pack(len(message[column]), offset + len(texts))
            texts += message[column] + b"\0"
    translations = _HEADER.size + len(tables[0])
    header = _HEADER.pack(_MAGIC, 0, len(messages), _HEADER.size, translations, 0, 0)
    target.parent.mkdir(parents=True)
    target.write_bytes(header + tables[0] + tables[1] + texts)


def read_messages(source: Path) -> dict[str, str]:
    """Return each msgid of a `.po` file with its msgstr; that of a plural stands with it, and not with the singular."""
    messages: dict[str, str] = {}
    msgid = ""
    is_translation = False
    for line in source.read_text().splitlines():
        keyword, _, quoted = line.partition(" ")
        if keyword == "msgid_plural":
            messages[msgid] = ""
        if keyword in {"msgid", "msgid_plural"}:
            msgid, is_translation = ast.literal_eval(quoted), False
        elif keyword in {"msgstr", "msgstr[0]"}:
            messages[msgid], is_translation = ast.literal_eval(quoted), True
        elif line.startswith('"') and is_translation:
            messages[msgid] += ast.literal_eval(line)
        elif line.startswith('"'):
            msgid += ast.literal_eval(line)
    return messages
