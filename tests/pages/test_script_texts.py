"""The scripts' texts in other languages: found by makemessages, and loaded by pages of those languages alone."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core.management import call_command
from django.test import Client
from django.utils.translation import deactivate, override

from sharing.pages import script_texts as texts

SCRIPTS = settings.BASE_DIR / "static" / "js"
needs_gettext = pytest.mark.skipif(
    not (shutil.which("xgettext") and shutil.which("msgfmt")), reason="GNU gettext is not installed"
)


@pytest.fixture
def german(tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    folder = tmp_path / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "djangojs.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n'
        'Plural-Forms: nplurals=2; plural=n != 1;\\n"\n\n'
        'msgid "Copied"\nmsgstr "Kopiert"\n\n'
        'msgid "%(n)s file"\nmsgid_plural "%(n)s files"\nmsgstr[0] "%(n)s Datei"\nmsgstr[1] "%(n)s Dateien"\n',
        encoding="utf-8",
    )
    subprocess.run(["msgfmt", "djangojs.po", "--output-file=djangojs.mo"], cwd=folder, check=True)
    settings.LOCALE_PATHS = [str(tmp_path / "locale")]
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    yield
    deactivate()


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    yield
    texts.script_texts.cache_clear()
    texts.version_of.cache_clear()


def test_english_pages_load_no_texts() -> None:
    assert texts.script_texts_url() == ""


@needs_gettext
@pytest.mark.usefixtures("german")
def test_a_page_of_another_language_loads_them_for_ever(client: Client) -> None:
    with override("de"):
        address = texts.script_texts_url()
    answer = client.get(address)
    assert '"Copied": "Kopiert"' in answer.content.decode()
    assert "%(n)s Dateien" in answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "max-age=31536000, public, immutable"


@needs_gettext
@pytest.mark.usefixtures("german")
def test_another_version_is_not_kept(client: Client) -> None:
    assert client.get("/texts/de-0.js")["Cache-Control"] == "no-cache"


def test_a_language_that_is_not_spoken_is_unknown(client: Client, settings: LazySettings) -> None:
    settings.LANGUAGES = [("en", "English")]
    assert client.get("/texts/fr-0.js").status_code == 404


@needs_gettext
def test_makemessages_finds_the_texts_of_all_scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SCRIPTS, tmp_path / "js")
    (tmp_path / "locale").mkdir()
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", domain="djangojs", locale=["de"], verbosity=0)
    found = (tmp_path / "locale/de/LC_MESSAGES/djangojs.po").read_text(encoding="utf-8")
    for path in SCRIPTS.rglob("*.js"):
        calls = len(re.findall(r"\bn?gettext\(", path.read_text(encoding="utf-8")))
        is_definition = path.name == "translation.js"
        assert is_definition or not calls or f"js/{path.relative_to(SCRIPTS)}:" in found, path.name
    assert 'msgid "Copied"' in found
    assert 'msgid_plural "%(n)s days left"' in found
