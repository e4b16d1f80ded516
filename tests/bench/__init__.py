"""Measures uploads and archives; docs/bench.md says what, and how to read it. `python -m tests.bench --help`"""

import os

# The settings of the suite take away what a developer has set for an instance of their own.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
