"""Static files under hashed names, cached for ever: whitenoise's manifest, with ES modules rewritten as well.

An `import … from "./x.js"` gets the hashed name of its target, so plain modules need neither a bundler nor an import
map. Only imports are rewritten: a worker's address has to come from the page, as `{% static %}` gives it. Modules
must not import each other in a circle, since then no hash would ever settle.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
    # Each pass settles one level of imports; Django's five would not do for a long chain of modules.
    max_post_process_passes = 20
