"""Nothing in the style sheets and scripts is newer than the browsers that README names, unless it is asked for first.

Receivers and guests: Safari 15.4, Chrome 100, Firefox 100. Senders: Safari 16.4, Chrome 103, Firefox 115. The versions
beside each name are the first ones of Chrome, Safari and Firefox that have it (MDN's browser-compat-data).
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"

# Of a declaration, or of what stands before a block.
NEW_IN_CSS = {
    r"\blight-dark\(": "123, 17.5, 120",
    r"\b(oklch|oklab|lch|lab|color)\(": "111, 15.4, 113",
    r"\bcolor-mix\(": "111, 16.2, 113",
    r"\b(rgb|hsl)\(from ": "119, 16.4, 128",
    r"[\d.](dv|sv|lv)(h|w|i|b|min|max)\b": "108, 15.4, 101",
    r"[\d.]cq(w|h|i|b|min|max)\b": "105, 16, 110",
    r'^content: .* / "': "77, 17.4, 128",
    r"\bimage-set\(": "113, 17, 89",
    r"\b(linear|anchor|anchor-size|calc-size|if|sibling-index|sin|cos|tan|mod|pow|hypot)\(": "111 and later",
    r"\bsubgrid\b": "117, 16, 71",
    # Chromium 103 hangs when it takes a larger sheet with such a statement from its cache.
    r"^@layer [^{]*,": "104 at the earliest",
    r"^overflow(-x|-y|-inline|-block)?: clip": "90, 16, 81",
    r"^(rotate|translate|scale|offset-path):": "104, 14.1, 72",
    r"^mask(-\w+)?:": "120, 15.4, 53",
    r"^container(-type|-name)?:": "105, 16, 110",
    r"^text-wrap(-\w+)?:": "114, 17.4, 121",
    r"^text-box(-\w+)?:": "133, 18.2, none",
    r"^field-sizing:": "123, 26.2, none",
    r"^interpolate-size:": "129, none, none",
    r"^(content-visibility|contain-intrinsic-[\w-]+):": "95, 18, 125",
    r"^(backdrop-filter|user-select|print-color-adjust|hyphens|box-decoration-break):": "needs a prefix somewhere",
    r"^(anchor-name|position-anchor|view-transition-name|animation-timeline|transition-behavior):": "111 and later",
    r"^(scrollbar-(color|width|gutter)|accent-color-scheme|white-space-collapse|hyphenate-character):": "106 and later",
    r":has\(": "105, 15.4, 121",
    r":(popover-open|modal|open|user-valid|user-invalid|autofill|dir\()": "105 and later",
    r"::(details-content|highlight|view-transition)": "105 and later",
    r"(^|[\s,])&": "120, 17.2, 117",
    r"^@(container|property|scope|starting-style|view-transition|position-try)\b": "105 and later",
    r"^@media .*\(\s*(width|height|inline-size)\s*[<>]": "104, 16.4, 63",
    r"^@media .*[<>]=?\s*(width|height)": "104, 16.4, 63",
}
# A browser does without these, and nobody misses them.
MISSED_BY_NOBODY = re.compile(
    r"(text-wrap|field-sizing|content-visibility|contain-intrinsic-[\w-]+|container-type|text-size-adjust|line-clamp):"
)
# A block that is not known is left out; beside it stands what does without.
LEFT_OUT = {"@container": "@supports not (container-type: inline-size)"}


def rules(sheet: str) -> Iterator[tuple[list[str], str]]:
    """Each declaration and each opening of a block, with the openings of the blocks around it."""
    sheet = re.sub(r"/\*.*?\*/", " ", sheet, flags=re.DOTALL)
    around: list[str] = []
    for text, end in re.findall(r"""((?:[^{};"']|"[^"]*"|'[^']*')*)([{};]|\Z)""", sheet):
        words = " ".join(text.split())
        if words:
            yield [*around], words
        if end == "{":
            around.append(words)
        elif end == "}":
            around.pop()


def too_new_in_css(sheet: str) -> list[str]:
    """The declarations, selectors and at-rules that an old browser would miss."""
    findings: list[str] = []
    before: list[str] = []  # of the same block
    block: list[str] = []
    for around, words in rules(sheet):
        if around != block:
            block, before = around, []
        if any(opening.startswith("@supports") for opening in [*around, words]):
            continue
        # Chrome 120, Safari 17.2, Firefox 117
        is_nested = any(not opening.startswith("@") for opening in around[:-1])
        is_new = is_nested or any(re.search(pattern, words) for pattern in NEW_IN_CSS)
        if is_new and not MISSED_BY_NOBODY.match(words) and not stands_in(words, before, sheet):
            findings.append(words)
        if not is_new:
            before.append(words)
    return findings


def stands_in(words: str, before: list[str], sheet: str) -> bool:
    """True if the same property was set for all just before, or the sheet says what to do without this block.

    A custom property keeps what it was set to last, whether or not the browser knows that.
    """
    name = words.partition(":")[0]
    if name.startswith("--"):
        return False
    named = {earlier.partition(":")[0] for earlier in before}
    instead = LEFT_OUT.get(words.partition(" ")[0])
    return name in named or f"-webkit-{name}" in named or (instead is not None and instead in sheet)


@pytest.mark.parametrize("path", sorted((STATIC / "css").rglob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_has_plain_values_before_new_ones(path: Path) -> None:
    assert too_new_in_css(path.read_text()) == []


@pytest.mark.parametrize(
    "sheet",
    [
        "a { color: light-dark(#000, #fff) }",
        ":root { --ink: #000; --ink: oklch(0% 0 0); }",
        "@layer base { a { color: oklch(50% 0.1 20); } }",
        "a { rotate: 45deg; }",
        "@layer reset, base;",
        "a { content: '!' / \"\"; }".replace("'", '"'),
        "a { mask: none; }",
        "li:has(> a) { color: red; }",
        "@media (width >= 48rem) { a { color: red; } }",
        "@container (max-width: 42rem) { a { color: red; } }",
        "a { block-size: 100dvh; }",
        "a { & b:hover { } }",
        "a { b { color: red; } }",
    ],
)
def test_a_new_value_alone_is_found(sheet: str) -> None:
    assert len(too_new_in_css(sheet)) == 1


@pytest.mark.parametrize(
    "sheet",
    [
        "a { color: #000; color: light-dark(#000, #fff); }",
        "@supports (color: oklch(0% 0 0)) { a { color: oklch(50% 0.1 20); } }",
        "@supports selector(:has(*)) { li:has(a) { color: red; } }",
        "a { -webkit-mask: none; mask: none; }",
        "p { text-wrap: pretty; }",
        "a::before { content: 'a / b'; }",
    ],
)
def test_what_is_asked_for_first_may_be_new(sheet: str) -> None:
    assert too_new_in_css(sheet) == []


# Names in scripts with the test for them that has to stand in the same file; "" for those that have none.
NEW_IN_SCRIPTS = {
    r"AbortSignal\.any\(": r"AbortSignal\.any[ ?&)]",
    r"AbortSignal\.timeout\(": r"AbortSignal\.timeout[ ?&)]|OffscreenCanvas",
    r"\.(toSorted|toReversed|toSpliced|findLast|findLastIndex)\(": "",
    r"\b(Object|Map)\.groupBy|Promise\.(withResolvers|try)|Array\.fromAsync|Iterator\.|RegExp\.escape": "",
    r"\.(isWellFormed|toWellFormed)\(": "",
    r"\.(union|intersection|difference|isSubsetOf|isSupersetOf|isDisjointFrom)\(": "",
    r"\.(values|keys|entries)\(\)\.(map|filter|take|drop|toArray|some|every|find|reduce|forEach)\(": "",
    r"\.aria[A-Z]\w* = |\baria[A-Z]\w*: ": "",  # properties that Firefox before 119 does not have: setAttribute()
    r"\.role = |\brole: \"": "",
    r"\.(show|hide|toggle)Popover\(": r'"popover" in',
    r"\.pdfViewerEnabled": r"pdfViewerEnabled \?\?",
    r"\(\?<[=!]": "",  # Safari before 16.4 refuses the whole module
    r"^\s*static \{": "",
    r"\.requestSubmit\(": "",
    r"\bscheduler\.": r"globalThis\.scheduler\?",
    r"\bURL\.(canParse|parse)\(|\bResponse\.json\(": "",
    r"\.checkVisibility\(|\.moveBefore\(|\.setHTML\(|\.inert\b": "",
    r'type: "module"': r"packerInPage",
    r"\b(requestIdleCallback|CompressionStream|DecompressionStream|TransformStream)\b": "",
    r"\bnew OffscreenCanvas": r"thumbnailOf\(picture\)\.catch",
    r"\bnew Intl\.(Segmenter|DurationFormat)": r"Intl\?\.Segmenter",
    r'mode: "byob"': r"\bcatch\b",
    r"\bshowOpenFilePicker\(": r'"showOpenFilePicker" in',
    r"\.getAsFileSystemHandle\(": r"getAsFileSystemHandle\?\.",
    r"\bnew ClipboardItem": r"\bcatch\b",
    r"\.(toBase64|fromBase64|toHex|fromHex|transferToFixedLength)\(": "",
    r"^import .* with \{": "",
    r"\bfor await \(.* of .*\b(body|stream\(\))\)": "",
    r"/v[;,)]|/v\.": "",
}


def too_new_in_script(script: str) -> list[str]:
    """The lines with a name that an old browser does not know, and for which the script does not look first."""
    code = re.sub(r"^\s*(//|/?\*).*$", "", script, flags=re.MULTILINE)
    return [
        line.strip()
        for line in code.splitlines()
        for name, test in NEW_IN_SCRIPTS.items()
        if re.search(name, line) and not (test and re.search(test, code.replace(line, "", 1) + line))
    ]


@pytest.mark.parametrize("path", sorted((STATIC / "js").rglob("*.js")), ids=lambda path: path.name)
def test_a_script_asks_before_it_uses_what_is_new(path: Path) -> None:
    assert too_new_in_script(path.read_text()) == []


@pytest.mark.parametrize(
    "script",
    [
        "const both = AbortSignal.any([one, other]);",
        "element.ariaLabel = name;",
        'Object.assign(element, { tabIndex: 0, role: "region" });',
        "const last = list.findLast((one) => one);",
        "menu.hidePopover();",
        "const words = text.split(/(?<=a)b/);",
        "const names = map.keys().map((name) => name);",
    ],
)
def test_a_new_name_in_a_script_is_found(script: str) -> None:
    assert too_new_in_script(script) == [script]
    assert too_new_in_script(f"// {script}") == []
