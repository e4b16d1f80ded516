"""The languages that an instance speaks: English, and each whose catalogue lies compiled in `locale/`."""

from pathlib import Path

from django.conf.locale import LANG_INFO

type Language = tuple[str, str]


def languages_in(folder: Path) -> list[Language]:
    """Return code and own name of English and of each compiled catalogue below `folder`, for Django's LANGUAGES."""
    compiled = sorted(folder.glob("*/LC_MESSAGES/django.mo"))
    codes = [path.parent.parent.name.lower().replace("_", "-") for path in compiled]
    return [("en", "English"), *((code, _own_name(code)) for code in codes if code != "en")]


def _own_name(code: str) -> str:
    known = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0]) or {}
    return str(known.get("name_local", code))
