"""Static files under hashed names: plain ES modules keep finding each other."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import override_settings

from sharing.pages.combining import SHARED
from sharing.pages.static import HashedStaticFiles


@pytest.fixture
def static_files(tmp_path: Path) -> HashedStaticFiles:
    return HashedStaticFiles(location=str(tmp_path), base_url="/static/")


def hashed(static_files: HashedStaticFiles, tmp_path: Path, files: dict[str, str]) -> dict[str, str]:
    """Return the text of each file once all of them have hashed names."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text)
    with override_settings(STATIC_URL="/static/"):
        for _, _, processed in static_files.post_process({name: (static_files, name) for name in files}):
            assert not isinstance(processed, Exception), processed
    return {name: (tmp_path / static_files.stored_name(name)).read_text() for name in files}


@pytest.mark.parametrize(
    "statement",
    [
        'import { a } from "./x.js";',
        'import {\n  a,\n  b as c,\n} from "./x.js";',
        'import X from "./x.js";',
        'import * as x from "./x.js";',
        'import "./x.js";',
        'export { a } from "./x.js";',
        'export * from "./x.js";',
        'const x = await import("./x.js");',
    ],
)
def test_every_form_of_import_gets_the_hashed_name(
    static_files: HashedStaticFiles, tmp_path: Path, statement: str
) -> None:
    text = hashed(static_files, tmp_path, {"js/entry.js": statement, "js/x.js": "export const a = 1;"})
    assert re.search(r'"\./x\.[0-9a-f]{12}\.js"', text["js/entry.js"]), text["js/entry.js"]


def test_a_change_deep_down_changes_every_name_above(static_files: HashedStaticFiles, tmp_path: Path) -> None:
    chain = {f"m{n}.js": f'import "./m{n + 1}.js";' for n in range(12)}
    hashed(static_files, tmp_path, {**chain, "m12.js": "1;"})
    before = static_files.stored_name("m0.js")
    hashed(static_files, tmp_path, {**chain, "m12.js": "2;"})
    assert static_files.stored_name("m0.js") != before


def test_a_script_is_served_without_its_jsdoc(static_files: HashedStaticFiles, tmp_path: Path) -> None:
    code = "function f(a) {\n  return g(\n    /** @type {X} */ (a), // why\n  );\n}\n/* the end */\n"
    script = f"/**\n * What it takes.\n * @param {{number}} a\n */\n{code}"
    text = hashed(static_files, tmp_path, {"js/x.js": script})
    assert text["js/x.js"] == code


def test_every_address_in_the_scripts_and_styles_of_the_site_is_that_of_a_file(
    static_files: HashedStaticFiles, tmp_path: Path, settings: LazySettings
) -> None:
    source = settings.BASE_DIR / "static"
    files = {
        str(path.relative_to(source)): path.read_text()
        for path in source.rglob("*")
        if path.suffix in (".js", ".css")
    }
    hashed(static_files, tmp_path, files)
    used = 0
    for name in [*files, SHARED]:
        path = tmp_path / static_files.stored_name(name)
        for address in re.findall(
            r"""^[^*\n/]*?(?:from |import |import\()"(\.[^"]+)\"""", path.read_text(), re.MULTILINE
        ):
            assert (path.parent / address).is_file(), (name, address)
            assert re.search(r"\.[0-9a-f]{12}\.\w+$", address), (name, address)
            used += 1
    assert used


def test_an_element_brings_all_its_modules_but_those_that_others_share(
    static_files: HashedStaticFiles, tmp_path: Path
) -> None:
    files = {
        "js/waybill.js": 'import { b } from "./lib/b.js";\n\nb();\n',
        "js/elements/x.js": 'import { b } from "../lib/b.js";\nimport { own } from "../lib/own.js";\n\nb(own);\n',
        "js/lib/b.js": "/** Shared. */\nexport const b = () => {};\n",
        "js/lib/own.js": "export const own = 1;\n",
    }
    text = hashed(static_files, tmp_path, files)
    assert "const own = 1;" in text["js/elements/x.js"]
    shared = static_files.stored_name(SHARED)
    assert f'from "../{shared.removeprefix("js/")}"' in text["js/elements/x.js"]
    assert "const b = " in (tmp_path / shared).read_text()
    assert "Shared." not in (tmp_path / shared).read_text()
