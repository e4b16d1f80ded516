"""Finds texts for people that do not pass through gettext, in templates, modules and scripts.

What is found looks like words; what is for programs (names, keys, SQL, log lines, docstrings) is left out.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

# Names that are the same in every language.
_NAMES = re.compile(r"#\w+|Waybill|SHA-256|\b(?:UTC|CSV|QR|URL|curl|wget|sh)\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
# A sentence, or its beginning: a capitalised word and at least another one.
_SENTENCE = re.compile(r"[^\w{]*[A-Z][a-z'’]*[,:]? \S*[a-z{]")
_CONTINUED = re.compile(r"\{\} [a-z]{2,}|[a-z]{2,} \{\}|[a-z]{2,} [a-z]{2,} [a-z]{2,}")
_CAPITALISED = re.compile(r"[A-Z][a-z]+")


def has_words(text: str) -> bool:
    return bool(_WORD.search(_NAMES.sub("", text)))


# Templates

_TRANSLATED = re.compile(
    r"\{#.*?#\}"
    r"|\{% comment %\}.*?\{% endcomment %\}"
    r"|\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}"
    # Blocks that hold names of classes.
    r"|\{% block (?:kind|body_class|bodyclass) %\}.*?\{% endblock %\}",
    re.DOTALL,
)
_TAG = re.compile(r"\{%\s*(?P<tag>\w+)(?P<words>.*?)%\}|\{\{(?P<shown>.*?)\}\}", re.DOTALL)
_LITERAL = re.compile(r"(?<!_\()(?P<filter>\w*[:=])?(?P<mark>[\"'])(?P<text>[^\"']*)(?P=mark)")
_TAGS_WITH_TEXTS = {"include", "with", "cycle", "firstof", "element", "slot"}
_FORMATS = {"date:", "time:", "class="}
_SPOKEN_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
_CARD = {"og:title", "og:description"}
_VOID = {
    "meta",
    "link",
    "input",
    "img",
    "br",
    "hr",
    "path",
    "circle",
    "rect",
    "use",
    "wbr",
    "source",
    "track",
}


def in_template(name: str, text: str) -> list[str]:
    """Return the bare texts of a template: a page, a mail or the script for shells."""
    text = _TRANSLATED.sub("", text)
    found = [literal for tag in _TAG.finditer(text) for literal in _texts_of_tag(tag)]
    text = _TAG.sub("", text)
    if name.endswith(".sh"):
        return found + _in_shell(text)
    if not name.endswith(".html"):
        return found + [line.strip() for line in text.splitlines() if has_words(line)]
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return found + reader.found


def _texts_of_tag(tag: re.Match[str]) -> Iterator[str]:
    if tag["tag"] and tag["tag"] not in _TAGS_WITH_TEXTS:
        return
    for literal in _LITERAL.finditer(tag["words"] or tag["shown"]):
        text = literal["text"]
        is_path = "/" in text or text.endswith(".html")
        if literal["filter"] in _FORMATS or is_path or not has_words(text):
            continue
        if " " in text.strip() or _CAPITALISED.match(text):
            yield text


def _in_shell(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    quoted = [words for line in lines for words in re.findall(r"'([^']*)'", line)]
    return [words for words in quoted if _SENTENCE.match(words) or re.match(r"[A-Z][a-z]+:", words)]


class _Reader(HTMLParser):
    """Collects texts and attributes that are read or spoken, but for elements with translate="no"."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        spoken = _SPOKEN_ATTRIBUTES | ({"content"} if values.get("property") in _CARD else set())
        self.found += [values[name] for name in values.keys() & spoken if has_words(values[name])]
        is_skipped = tag in {"script", "style"} or values.get("translate") == "no"
        if tag not in _VOID and (self._skipped or is_skipped):
            self._skipped.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and self._skipped[-1] == tag:
            self._skipped.pop()

    def handle_data(self, data: str) -> None:
        # A template of attributes alone looks like a text to a parser.
        text = " ".join(data.split())
        if not self._skipped and has_words(text) and not re.match(r"[\w-]+=\"", text):
            self.found.append(text)


# Modules

GETTEXT = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "npgettext",
    "pgettext_lazy",
}
_LOGGED = {"debug", "info", "warning", "error", "exception", "critical", "log"}
# Calls whose texts are for developers or programs.
_NOT_SHOWN = {
    "add_argument",
    "compile",
    "Field",
    "warn",
    "skip",
    "HTMLParser",
    "RunPython",
    "RunSQL",
    "execute",
}
_NOT_SHOWN_KEYWORDS = {
    "description",
    "summary",
    "help",
    "regex",
    "pattern",
    "openapi_extra",
    "docs_decorator",
}
_DEVELOPERS_ERRORS = {
    *("AssertionError", "ImproperlyConfigured", "KeyError", "LookupError", "NotImplementedError", "OSError"),
    *("RuntimeError", "TypeError", "ValueError", "ConnectionResetError", "AttributeError", "RedisError"),
    *("MiddlewareNotUsed", "OperationalError", "InterfaceError", "NotSupportedError", "ConnectionTimeout"),
    *(
        "ServerUnresponsive",
        "ConnectionError",
        "NoConnection",
        "TimeoutError",
        "CopyDiffers",
        "TransactionManagementError",
    ),
}
_FOR_PROGRAMS = {"Connection: close", "Files", "Samsung Internet", "System Volume Information", "file"}
# Where a single word is read, too.
_SHOWN_KEYWORDS = {
    "label",
    "help_text",
    "verbose_name",
    "verbose_name_plural",
    "empty_label",
    "short_description",
}
_SHOWN_KEYWORDS |= {"message", "success_message", "empty_value_display"}
_SHOWN_CALLS = {"ValidationError", "success", "add_error", "message_user", "display"}


def in_module(text: str) -> list[str]:
    """Return the bare texts of a Python module."""
    finder = _Finder()
    finder.visit(ast.parse(text))
    return finder.found


class _Finder(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[str] = []
        self._is_shown = False

    def visit_Call(self, node: ast.Call) -> None:
        name = name_of(node.func)
        is_log = name in _LOGGED and name_of(getattr(node.func, "value", None)) in {
            "logger",
            "logging",
            "log",
        }
        if name in GETTEXT | _NOT_SHOWN or is_log:
            return
        self.visit(node.func)
        is_column = isinstance(node.func, ast.Attribute) and name.endswith("Field")
        for place, argument in enumerate(node.args):
            is_verbose_name = is_column and place == 0 and isinstance(argument, ast.Constant)
            is_name_of_field = name == "add_error" and place == 0
            self._look(argument, shown=is_verbose_name or (name in _SHOWN_CALLS and not is_name_of_field))
        for keyword in node.keywords:
            if keyword.arg == "description" and name == "display":
                self._look(keyword.value, shown=True)
            elif keyword.arg not in _NOT_SHOWN_KEYWORDS:
                self._look(keyword.value, shown=keyword.arg in _SHOWN_KEYWORDS)

    def visit_Dict(self, node: ast.Dict) -> None:
        for value in node.values:
            self.visit(value)

    def visit_Raise(self, node: ast.Raise) -> None:
        if name_of(getattr(node.exc, "func", None)) not in _DEVELOPERS_ERRORS:
            self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None:
        """Its message is for developers."""

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        is_choices = any(name_of(base).endswith("Choices") for base in node.bases)
        for statement in node.body:
            self._assigned(statement, is_choices=is_choices)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._assigned(node)

    def _assigned(self, node: ast.stmt, *, is_choices: bool = False) -> None:
        if not isinstance(node, ast.Assign):
            self.visit(node)
            return
        names = {name_of(target) for target in node.targets}
        if is_choices and isinstance(node.value, ast.Tuple):
            self._look(node.value.elts[-1], shown=True)
        elif not names & (_NOT_SHOWN_KEYWORDS | {"__all__"}):
            self._look(node.value, shown=bool(names & _SHOWN_KEYWORDS))

    def _look(self, node: ast.AST, *, shown: bool) -> None:
        before, self._is_shown = self._is_shown, shown
        self.visit(node)
        self._is_shown = before

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._judge(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
        text = "".join(str(part) for part in parts)
        if re.match(r"\W*\{\}.* [a-z]{2,}", text) and not re.search(r"[=<>_/;]", text):
            self.found.append(text)
        else:
            self._judge(text)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def _judge(self, text: str) -> None:
        is_path = "." in text and " " not in text
        is_bare = not is_path if self._is_shown else bool(_SENTENCE.match(text))
        if is_bare and has_words(text) and text not in _FOR_PROGRAMS:
            self.found.append(text)


def name_of(node: ast.AST | None) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")


# Scripts

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<regex>(?<=[(=,:\[!&|?{;\n])\s*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n\[])+/[a-z]*)
    |(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|\$\{(?:[^{}`]|`[^`]*`)*\}|[^`\\])*`)
    |(?P<open>(?P<called>[\w$.#]*)\()
    |(?P<close>\))""",
    re.DOTALL | re.VERBOSE,
)
_CALLS_NOT_SHOWN = re.compile(
    r"(^|\.)(n?gettext|n?pgettext|\w*Error|\w*Exception|log|warn|error|debug|info|querySelector(All)?|closest|matches"
    r"|addEventListener|CustomEvent|Event|Worker|import)$"
)
_SPOKEN = re.compile(
    r"(\.(textContent|innerText|title|ariaLabel|placeholder|alt)\s*=|aria-label[\"'],|\.append\()\s*$"
)
_PLACEHOLDER = re.compile(r"\$\{(?:[^{}`]|`[^`]*`)*\}")
_COMPARED = re.compile(r"([!=]==|\bcase|\bfrom|\bimport)\s*$")


def in_script(text: str) -> list[str]:
    """Return the bare texts of a JavaScript module."""
    found, calls = [], []
    for token in _TOKEN.finditer(text):
        if token["open"]:
            calls.append(token["called"])
        elif token["close"]:
            calls = calls[:-1]
        elif token["string"] and not (calls and _CALLS_NOT_SHOWN.search(calls[-1])):
            before = text[max(0, token.start() - 60) : token.start()]
            said = _PLACEHOLDER.sub("{}", token["string"][1:-1])
            if not _COMPARED.search(before) and _is_read(said, is_spoken=bool(_SPOKEN.search(before))):
                found.append(said)
    return found


def _is_read(text: str, *, is_spoken: bool) -> bool:
    if not has_words(text) or text in _FOR_PROGRAMS or ("." in text and " " not in text):
        return False
    if is_spoken:
        return True
    if " " not in text:
        return bool(_CAPITALISED.fullmatch(text))
    return bool(_SENTENCE.match(text) or _CONTINUED.search(text)) and not re.search(r"[\[\]<>=#]", text)
