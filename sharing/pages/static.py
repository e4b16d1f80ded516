"""Static files under hashed names, cached for ever: whitenoise's manifest, with ES modules rewritten as well.

The modules and style sheets of a page are written into few files first, see combining.py.

An `import … from "./x.js"` gets the hashed name of its target, so plain modules need neither a bundler nor an import
map. Only imports are rewritten: a worker's address has to come from the page, as `{% static %}` gives it. Modules
must not import each other in a circle, since then no hash would ever settle.

JSDoc comments are left out: they are for who reads and checks the source, and a quarter of what a page would load.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from sharing.pages.combining import combine_scripts, combine_styles

# On lines of its own. A type within an expression, such as `/** @type {X} */ (y)`, stays.
JSDOC = re.compile(rb"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
# A storage, and the name of a file in it.
Place = tuple[Any, str]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
    # Each pass settles one level of imports; Django's five would not do for a long chain of modules.
    max_post_process_passes = 20

    def post_process(self, paths: dict[str, Place], *args: Any, **options: Any) -> Iterator[Any]:
        """Combine what is to be combined, then name and compress all. Yields what was done. Raises CannotCombine."""
        combined = {} if options.get("dry_run") else self._combine(paths)
        yield from super().post_process(paths | combined, *args, **options)  # type: ignore[no-untyped-call]

    def _combine(self, paths: dict[str, Place]) -> dict[str, Place]:
        """Write the combined files over those that were collected, and return their places by name."""
        scripts = {
            name: _read(*paths[name]) for name in paths if name.startswith("js/") and name.endswith(".js")
        }
        styles = {name: _read(*paths[name]) for name in paths if name.startswith("css/")}
        combined = combine_scripts(scripts) | combine_styles(styles)
        for name, text in combined.items():
            self.delete(name)
            self._save(name, ContentFile(text.encode()))
        return {name: (self, name) for name in combined}

    def _save(self, name: str, content: Any) -> str:
        """Save the file, a script without its JSDoc."""
        if name.endswith(".js"):
            content = ContentFile(JSDOC.sub(b"", b"".join(content.chunks())))
        saved: str = super()._save(name, content)  # type: ignore[misc]  # whitenoise has no types
        return saved


def _read(storage: Any, path: str) -> str:
    """Return the text of a file, of a script without its JSDoc."""
    with storage.open(path) as file:
        text: str = JSDOC.sub(b"", file.read()).decode()
        return text
