"""The modules of a page in few files, each of them once."""

import re

import pytest
from django.conf import settings

from sharing.pages.combining import LOADED, SHARED, CannotCombine, combine_scripts, combine_styles

ONE, OTHER = "js/elements/one.js", "js/elements/other.js"


def test_what_one_page_module_imports_is_written_into_it() -> None:
    files = combine_scripts(
        {
            ONE: 'import { b } from "../lib/b.js";\n\nb();\n',
            "js/lib/b.js": 'import { c as d } from "./c.js";\n\nexport const b = () => d;\n',
            "js/lib/c.js": "export function c() {}\n",
        }
    )
    assert list(files) == [ONE]
    text = files[ONE]
    assert not re.search("^(import|export)", text, re.MULTILINE)
    assert "const { c: d } = $lib_c$;" in text
    assert "return { b };" in text
    # Each stands behind what it imports.
    assert (
        text.index("const $lib_c$ =") < text.index("const $lib_b$ =") < text.index("const $elements_one$ =")
    )


def test_what_two_of_them_import_is_in_one_more_file() -> None:
    files = combine_scripts(
        {
            ONE: 'import { b } from "../lib/b.js";\n\nb();\n',
            OTHER: 'import { b } from "../lib/b.js";\nimport { own } from "../lib/own.js";\n\nb(own);\n',
            "js/lib/b.js": 'import "./c.js";\n\nexport const b = 1;\n',
            "js/lib/c.js": "globalThis.runs = 1;\n",
            "js/lib/own.js": "export const own = 1;\n",
        }
    )
    assert set(files) == {ONE, OTHER, SHARED}
    assert "export { $lib_c$, $lib_b$ };" in files[SHARED]
    for name in (ONE, OTHER):
        assert 'import { $lib_b$ } from "../shared.js";' in files[name]
        assert "globalThis.runs" not in files[name]
    assert "$lib_own$" in files[OTHER]
    assert "$lib_own$" not in files[SHARED]


def test_an_element_that_another_module_imports_is_no_file_of_its_own() -> None:
    files = combine_scripts({"js/waybill.js": 'import "./elements/one.js";\n', ONE: "export class One {}\n"})
    assert list(files) == ["js/waybill.js"]
    assert "class One" in files["js/waybill.js"]


def test_a_shared_module_brings_along_what_it_loads_of_those_that_use_it() -> None:
    """Else the two files would name each other, and neither could have its hash."""
    files = combine_scripts(
        {
            ONE: 'import "../lib/b.js";\n',
            OTHER: 'import "../lib/b.js";\n',
            "js/lib/b.js": 'import("../views/panel.js");\n\nexport const b = 1;\n',
            "js/views/panel.js": 'import { b } from "../lib/b.js";\n\nexport class Panel { b = b }\n',
        }
    )
    assert "Promise.resolve($views_panel$)" in files[SHARED]
    assert "import(" not in files[SHARED]
    assert files["js/views/panel.js"] == (
        'import { $views_panel$ } from "../shared.js";\nexport const { Panel } = $views_panel$;\n'
    )


def test_what_is_loaded_when_needed_is_a_file_that_exports() -> None:
    files = combine_scripts(
        {
            ONE: 'import { b } from "../lib/b.js";\n\nb();\n',
            "js/lib/b.js": 'export const b = async () => (await import("../views/panel.js")).Panel;\n',
            "js/views/panel.js": "export class Panel {}\n",
        }
    )
    assert set(files) == {ONE, "js/views/panel.js"}
    assert 'import("../views/panel.js")' in files[ONE]
    assert files["js/views/panel.js"].endswith("export const { Panel } = $views_panel$;\n")


def test_a_path_is_that_from_the_file_to_which_the_module_has_come() -> None:
    files = combine_scripts(
        {
            "js/waybill.js": 'import "./uploads/b.js";\n',
            "js/uploads/b.js": 'import("./c.js");\n',
            "js/uploads/c.js": "1;\n",
        }
    )
    assert 'import("./uploads/c.js")' in files["js/waybill.js"]


def test_modules_of_workers_stay_as_they_are() -> None:
    assert combine_scripts({"js/archive/packer.js": 'import "../lib/b.js";\n', "js/lib/b.js": "1;\n"}) == {}


@pytest.mark.parametrize(
    "statement",
    [
        'import B from "./b.js";',
        'import * as b from "./b.js";',
        "export default 1;",
        "export { one };",
        "export let one = 1;",
        'export * from "./b.js";',
    ],
)
def test_a_form_that_is_not_known_is_refused(statement: str) -> None:
    with pytest.raises(CannotCombine, match=re.escape(f"{ONE}: {statement}")):
        combine_scripts({ONE: f"{statement}\n", "js/elements/b.js": "1;\n"})


def test_a_circle_is_refused() -> None:
    with pytest.raises(CannotCombine, match=r"one\.js > js/elements/b\.js > js/elements/one\.js"):
        combine_scripts(
            {
                "js/waybill.js": 'import "./elements/one.js";\n',
                ONE: 'import "./b.js";\n',
                "js/elements/b.js": 'import "./one.js";\n',
            }
        )


def test_a_module_that_is_missing_is_refused() -> None:
    with pytest.raises(CannotCombine, match=re.escape("js/elements/one.js > js/elements/b.js")):
        combine_scripts({ONE: 'import "./b.js";\n'})


def test_a_style_sheet_has_those_that_it_imports_in_their_places() -> None:
    sheets = combine_styles(
        {
            "css/site.css": '/* All. */\n@import "reset.css";\n@import "components/a.css";\n',
            "css/reset.css": "a { color: red; }\n",
            "css/components/a.css": '@import "parts/b.css";\n',
            "css/components/parts/b.css": "b { color: blue; }\n",
            "css/print.css": "c { color: black; }\n",
        }
    )
    assert sheets["css/site.css"] == "/* All. */\na { color: red; }\nb { color: blue; }\n"
    assert sheets["css/components/a.css"] == "b { color: blue; }\n"
    assert "css/print.css" not in sheets


def test_a_page_loads_no_module_that_is_a_part_of_another_file() -> None:
    """It would run twice. The admin's pages have no other script."""
    templates = settings.BASE_DIR / "templates"
    loaded = {
        name
        for path in templates.rglob("*.html")
        if "admin" not in path.parts
        for name in re.findall(r"""<script [^>]*type="module"[^>]*'js/([^']+)'""", path.read_text())
    }
    assert "elements/file-drop.js" in loaded
    scripts = (settings.BASE_DIR / "static" / "js").rglob("*.js")
    imported = {
        str((path.parent / found).resolve().relative_to(settings.BASE_DIR / "static" / "js"))
        for path in scripts
        for found in re.findall(r"""^import .*"(\.[^"]+)";$""", path.read_text(), re.MULTILINE)
    }
    assert not loaded & imported
    assert all(f"js/{name}".startswith(LOADED) for name in loaded)
