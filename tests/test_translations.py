"""Every text that people read passes through gettext: no template, module or script holds a bare one."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Set
from pathlib import Path

import pytest
from django.conf import settings

from tests.bare_texts import GETTEXT, in_module, in_script, in_template, name_of
from tests.catalogues import read_messages

ROOT = settings.BASE_DIR
# Read before Django's settings are there, and with them the catalogues.
BEFORE_SETTINGS = {
    f"sharing/{name}.py"
    for name in ("environment", "environment_values", "home", "origins", "settings", "wsgi")
}


def files(folder: str, pattern: str, *, but: Set[str] = frozenset()) -> list[Path]:
    found = [path for path in sorted((ROOT / folder).rglob(pattern)) if path.is_file()]
    return [
        path for path in found if str(path.relative_to(ROOT)) not in but and "migrations" not in path.parts
    ]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


TEMPLATES = files("templates", "*")
MODULES = files("sharing", "*.py", but=BEFORE_SETTINGS)
SCRIPTS = files("static/js", "*.js")


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_no_bare_text(path: Path) -> None:
    assert in_template(path.name, path.read_text()) == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_holds_no_bare_text(path: Path) -> None:
    assert in_module(path.read_text()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_holds_no_bare_text(path: Path) -> None:
    assert in_script(path.read_text()) == []


def test_what_is_read_before_the_settings_is_there() -> None:
    assert not {path for path in BEFORE_SETTINGS if not (ROOT / path).is_file()}


@pytest.mark.parametrize(
    "template",
    [
        "<p>Not here</p>",
        '<input placeholder="Your name">',
        '<p aria-label="Stub"></p>',
        '<meta property="og:title" content="Files for you">',
        '{% include "a.html" with label="Their name" %}',
        "{{ it|default:'None yet' }}",
        "<p>{% translate 'Done' %} and more</p>",
    ],
)
def test_bare_texts_of_templates_are_found(template: str) -> None:
    assert in_template("a.html", template)


@pytest.mark.parametrize(
    "template",
    [
        "<p>{% translate 'Here' %} · {{ it }}</p>",
        "{% blocktranslate with n=it %}Here are {{ n }}{% endblocktranslate %}",
        '<input placeholder="{% translate \'Your name\' %}" class="wide quiet">',
        '{% include "a.html" with label=_("Their name") %}',
        "{{ it|date:'j F Y, H:i' }} UTC, Waybill",
        '<code translate="no">sh files.sh</code><script>say("Done")</script>',
    ],
)
def test_translated_texts_of_templates_are_left_alone(template: str) -> None:
    assert in_template("a.html", template) == []


@pytest.mark.parametrize(
    "module",
    [
        'raise LinkClosed("This link has expired.")',
        'messages.success(request, f"{name} is gone.")',
        'name = forms.CharField(label="Name")',
        'size = models.IntegerField("size")',
        'self.stdout.write("All checks passed.")',
        'class State(TextChoices):\n    OPEN = "open", "open"',
        'class Meta:\n    verbose_name = "link"',
        'refuse(status, "gone", "There is nothing here.")',
        'form.add_error("name", "Missing")',
    ],
)
def test_bare_texts_of_modules_are_found(module: str) -> None:
    assert in_module(module)


@pytest.mark.parametrize(
    "module",
    [
        '"""A docstring of a module."""',
        'raise LinkClosed(_("This link has expired."))',
        'logger.warning("The bucket is away.")',
        'raise ValueError("A negative size")',
        'cursor.execute("SELECT it FROM there")',
        'form.add_error("name", _("Missing"))',
        'ngettext("%(n)s file", "%(n)s files", n)',
        'record("link.revoked", self, by=by)',
        'parser.add_argument("--yes", help="Ask nobody.")',
    ],
)
def test_other_strings_of_modules_are_left_alone(module: str) -> None:
    assert in_module(module) == []


@pytest.mark.parametrize(
    "script",
    [
        'word.textContent = "done";',
        'button.setAttribute("aria-label", "Close");',
        "say(`${n} of ${all} arrived`);",
        'const words = { none: "Not yet" };',
    ],
)
def test_bare_texts_of_scripts_are_found(script: str) -> None:
    assert in_script(script)


@pytest.mark.parametrize(
    "script",
    [
        'word.textContent = gettext("Done");',
        'interpolate(ngettext("%(n)s file", "%(n)s files", n), { n });',
        'throw new TypeError("Not a number");',
        'if (event.key === "Escape") close(); // Not here',
        'import { a } from "./Other place.js";',
        'const key = /Not "here"/.test(text);',
    ],
)
def test_other_strings_of_scripts_are_left_alone(script: str) -> None:
    assert in_script(script) == []


def msgids_in(path: Path) -> set[str]:
    """Return what a module hands to gettext. Raises AssertionError if it is not written there as a literal."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and name_of(node.func) in GETTEXT:
            for argument in node.args[: 2 if "ngettext" in name_of(node.func) else 1]:
                assert isinstance(argument, ast.Constant), f"{name(path)}:{node.lineno} is no literal"
                found.add(str(argument.value))
    return found


def test_makemessages_finds_every_text_of_the_modules(tmp_path: Path) -> None:
    if not shutil.which("xgettext"):
        pytest.skip("GNU gettext is not installed (its program xgettext), so no messages can be extracted.")
    # A copy, since makemessages writes beside the templates that it reads.
    for folder in ("sharing", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "locale").mkdir()
    making = [sys.executable, "manage.py", "makemessages", "--locale", "qps"]
    made = subprocess.run(
        making,
        cwd=tmp_path,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "sharing.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert "warning" not in made.stderr.lower()
    extracted = read_messages(tmp_path / "locale/qps/LC_MESSAGES/django.po").keys()
    expected = {text for path in sorted((ROOT / "sharing").rglob("*.py")) for text in msgids_in(path)}
    assert expected - extracted == set()
    assert "Files are saved in a new folder. Nothing you have is replaced." in extracted  # of a template
