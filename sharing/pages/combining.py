"""Write the modules that a page loads into few files, and style sheets with what they import into one.

Pages load `waybill.js` and those modules of `elements/` and `views/` that no other module imports. Each becomes one
file, with all that it alone imports. What several of them import is in one more file, `shared.js`, so that no module
runs twice. A module that is loaded by `import()` becomes a file in the same way. All others, such as those of workers,
stay as they are.

Each module is a function that is called once and returns what the module exports. Why there is no bundler:
docs/decisions/0022-combine-modules-when-static-files-are-collected.md.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

SHARED = "js/shared.js"
LOADED = ("js/elements/", "js/views/", "js/waybill.js")

# Biome lays the scripts out, so that a statement begins its line.
STATIC_IMPORT = re.compile(r'^import (?:\{(?P<names>[^}]*)\} from )?"(?P<path>\.[^"]+)";\n', re.MULTILINE)
DYNAMIC_IMPORT = re.compile(r'\bimport\("(?P<path>\.[^"]+)"\)')
EXPORT = re.compile(
    r"^export (?P<declaration>(?:class|(?:async )?function\*?|const) (?P<name>\w+))", re.MULTILINE
)
OTHER_STATEMENT = re.compile(r"^(?:import(?!\()|export)\b.*", re.MULTILINE)
STYLE_IMPORT = re.compile(r'^@import "(?P<path>[^":]+)";\n', re.MULTILINE)


class CannotCombine(ValueError):
    """A module has an unknown form of import or export, is missing, or imports itself by way of others."""


@dataclass(frozen=True)
class Module:
    name: str
    text: str

    @property
    def variable(self) -> str:
        """Return the name of what holds its exports. No name in a script of ours has a dollar sign."""
        stem = self.name.removeprefix("js/").removesuffix(".js")
        return f"${re.sub(r'\W', '_', stem)}$"

    @property
    def imports(self) -> list[str]:
        return [self.target(found["path"]) for found in STATIC_IMPORT.finditer(self.text)]

    @property
    def loads(self) -> list[str]:
        """Return the names of those that it loads when they are needed."""
        return [self.target(found["path"]) for found in DYNAMIC_IMPORT.finditer(self.text)]

    @property
    def exports(self) -> list[str]:
        return [found["name"] for found in EXPORT.finditer(self.text)]

    def target(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.name), path))

    def as_function(self, file: str, inside: Sequence[str], modules: Mapping[str, "Module"]) -> str:
        """Return its text as it stands in this file, beside those that are inside. Raises CannotCombine."""

        def take(found: re.Match[str]) -> str:
            names, source = found["names"], modules[self.target(found["path"])]
            return f"const {{{names.replace(' as ', ': ')}}} = {source.variable};\n" if names else ""

        def load(found: re.Match[str]) -> str:
            name = self.target(found["path"])
            if name in inside:
                return f"Promise.resolve({modules[name].variable})"
            return f'import("{path_between(file, name)}")'

        text = STATIC_IMPORT.sub(take, self.text)
        text = EXPORT.sub(r"\g<declaration>", DYNAMIC_IMPORT.sub(load, text))
        if other := OTHER_STATEMENT.search(text):
            raise CannotCombine(f"{self.name}: {other[0]}")
        return f"const {self.variable} = (() => {{\n{text}return {{ {', '.join(self.exports)} }};\n}})();\n"


def combine_scripts(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the files to serve instead of some of these modules, by name. Raises CannotCombine."""
    modules = {name: Module(name, text) for name, text in texts.items()}
    entries = _entries_of(modules)
    shared = _shared_by(entries, modules)
    files = {
        entry: _write(entry, [name for name in used if name not in shared], shared, modules)
        for entry, used in entries.items()
    }
    if shared:
        files[SHARED] = _write_shared(shared, modules)
    return files


def combine_styles(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the style sheets that import others, by name, with the others in place of their imports."""

    def combined(name: str) -> str:
        folder = posixpath.dirname(name)
        return STYLE_IMPORT.sub(lambda found: combined(posixpath.join(folder, found["path"])), texts[name])

    return {name: combined(name) for name, text in texts.items() if STYLE_IMPORT.search(text)}


def path_between(file: str, other: str) -> str:
    path = posixpath.relpath(other, posixpath.dirname(file))
    return path if path.startswith("../") else f"./{path}"


def _entries_of(modules: Mapping[str, Module]) -> dict[str, list[str]]:
    """Return what each module that pages load consists of: itself, and what it imports, in the order of running."""
    entries: dict[str, list[str]] = {}
    imported = {name for module in modules.values() for name in module.imports}
    waiting = [name for name in modules if name.startswith(LOADED) and name not in imported]
    while waiting:
        name = waiting.pop()
        if name not in entries:
            entries[name] = _in_order(name, modules)
            waiting += [loaded for used in entries[name] for loaded in modules[used].loads]
    return dict(sorted(entries.items()))


def _shared_by(entries: Mapping[str, list[str]], modules: Mapping[str, Module]) -> list[str]:
    """Return the modules that more than one file needs, in the order of running."""
    uses = Counter(name for used in entries.values() for name in used)
    # Each is first met behind those that it imports.
    shared = [name for name, count in uses.items() if count > 1]
    for name in shared:
        for loaded in modules[name].loads:
            # Two files that name each other would never get their hashes: what is loaded from here comes along.
            if set(entries[loaded]) & set(shared):
                shared += [other for other in entries[loaded] if other not in shared]
    return shared


def _in_order(entry: str, modules: Mapping[str, Module]) -> list[str]:
    order: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above or name not in modules:
            raise CannotCombine(
                _("A module is missing or imports itself: %(chain)s") % {"chain": " > ".join([*above, name])}
            )
        if name not in order:
            for imported in modules[name].imports:
                visit(imported, (*above, name))
            order[name] = None

    visit(entry, ())
    return list(order)


def _write(entry: str, own: list[str], shared: list[str], modules: Mapping[str, Module]) -> str:
    used = {name for module in own for name in modules[module].imports} | {entry}
    variables = [modules[name].variable for name in shared if name in used]
    begin = (
        f'import {{ {", ".join(variables)} }} from "{path_between(entry, SHARED)}";\n' if variables else ""
    )
    functions = [modules[name].as_function(entry, own, modules) for name in own]
    exports = modules[entry].exports
    end = f"export const {{ {', '.join(exports)} }} = {modules[entry].variable};\n" if exports else ""
    return "".join([begin, *functions, end])


def _write_shared(shared: list[str], modules: Mapping[str, Module]) -> str:
    functions = [modules[name].as_function(SHARED, shared, modules) for name in shared]
    variables = [modules[name].variable for name in shared]
    return "".join([*functions, f"export {{ {', '.join(variables)} }};\n"])
