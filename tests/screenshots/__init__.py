"""Takes the README's pictures. `make screenshots`"""

import os

# The settings of the suite take away what a developer has set for an instance of their own.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
