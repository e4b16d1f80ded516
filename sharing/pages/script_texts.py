"""The texts of the scripts in a language: Django's JavaScript catalogue, under an address with its version."""

import hashlib
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.i18n import JavaScriptCatalog

# Its `locale/`, if any, and LOCALE_PATHS are read; not the texts of Django's admin.
_PACKAGES = ["sharing.pages"]


@lru_cache(maxsize=64)
def script_texts(language: str) -> bytes:
    """Return the script that gives the texts, once for each process: `lib/translation.js` asks what it defines."""
    with override(language):
        return JavaScriptCatalog(packages=_PACKAGES).get(HttpRequest()).content


@lru_cache(maxsize=64)
def version_of(language: str) -> str:
    return hashlib.sha256(script_texts(language)).hexdigest()[:12]


def script_texts_url() -> str:
    """Return the address of the texts in the page's language; "" for the one that the scripts are written in."""
    language = get_language() or settings.LANGUAGE_CODE
    if language == "en":
        return ""
    return reverse("script_texts", args=[language, version_of(language)])
