"""Static files under hashed names, cached for ever: whitenoise's manifest, with ES modules rewritten as well.

An `import … from "./x.js"` gets the hashed name of its target, so plain modules need neither a bundler nor an import
map. Only imports are rewritten: a worker's address has to come from the page, as `{% static %}` gives it. Modules
must not import each other in a circle, since then no hash would ever settle.

JSDoc comments are left out: they are for who reads and checks the source, and a quarter of what a page would load.
"""

import re
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# On lines of its own. A type within an expression, such as `/** @type {X} */ (y)`, stays.
JSDOC = re.compile(rb"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
    # Each pass settles one level of imports; Django's five would not do for a long chain of modules.
    max_post_process_passes = 20

    def _save(self, name: str, content: Any) -> str:
        """Save the file, a script without its JSDoc."""
        if name.endswith(".js"):
            content = ContentFile(JSDOC.sub(b"", b"".join(content.chunks())))
        saved: str = super()._save(name, content)  # type: ignore[misc]  # whitenoise has no types
        return saved
