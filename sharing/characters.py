"""Cuts text between characters as people see them (grapheme clusters), never within one."""

import unicodedata
from collections.abc import Iterator

_ZWJ = "\N{ZERO WIDTH JOINER}"
# Each needs what stands before it: accents, vowel signs, variation selectors, keycaps.
_MARKS = {"Mn", "Mc", "Me"}
_REGIONAL = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
# Flags of England and others are spelled by these after a black flag.
_TAGS = range(0xE0020, 0xE0080)
# Hangul in parts: leading consonants, vowels, trailing consonants.
_HANGUL_L, _HANGUL_V, _HANGUL_T = range(0x1100, 0x1160), range(0x1160, 0x11A8), range(0x11A8, 0x1200)


def characters(text: str) -> Iterator[str]:
    """Yield the characters of a text as people see them: nearly the extended grapheme clusters of UAX #29."""
    cluster = ""
    for char in text:
        if cluster and not _belongs_to(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def cut(text: str, limit: int, *, ending: str = "") -> str:
    """Return at most `limit` code points of a text, whole characters only; `ending` shows that something was cut.

    A single character that is longer than that, such as one with a hundred accents, is cut all the same.
    """
    if len(text) <= limit:
        return text
    room = limit - len(ending)
    # One more tells whether the last one is whole.
    return (_whole(text[: room + 1], len(text[:room])) or text[:room]) + ending


def cut_bytes(text: str, limit: int) -> str:
    """Return at most `limit` bytes of a text in UTF-8, whole characters only, except for one that is longer."""
    if len(text.encode()) <= limit:
        return text
    room = len(text.encode()[:limit].decode(errors="ignore"))
    return _whole(text[: room + 1], room) or text[:room]


def _whole(text: str, room: int) -> str:
    """Return the characters of a text that end within the first `room` code points."""
    taken = 0
    for character in characters(text):
        if taken + len(character) > room:
            break
        taken += len(character)
    return text[:taken]


def _belongs_to(cluster: str, char: str) -> bool:
    code, last = ord(char), ord(cluster[-1])
    if char == _ZWJ or unicodedata.category(char) in _MARKS or code in _SKIN_TONES or code in _TAGS:
        return cluster[-1] not in "\r\n"
    if cluster[-1] == _ZWJ:
        # Only pictures are joined: between letters the mark ends with the letter before it.
        return unicodedata.category(char) == "So" and len(cluster) > 1
    if code in _REGIONAL:
        return last in _REGIONAL and len(cluster) == 1
    if code in _HANGUL_V:
        return last in _HANGUL_L or last in _HANGUL_V
    if code in _HANGUL_T:
        return last in _HANGUL_V or last in _HANGUL_T
    return (cluster[-1] == "\r" and char == "\n") or (code in _HANGUL_L and last in _HANGUL_L)
