"""The settings of the test suite: the product's own, in a home that is thrown away."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from sharing.environment import Environment
from sharing.storage.embedded import free_ports

# Settings of a developer's instance must not reach the tests; only the database may be another one.
for _name in list(os.environ):
    if _name in Environment.model_fields.keys() - {"DATABASE_URL"} or _name.startswith(("S3_", "AWS_")):
        del os.environ[_name]

_home = Path(tempfile.mkdtemp(prefix="waybill-tests-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
(_home / "static").mkdir()  # whitenoise warns where there is none, and nothing is collected here
os.environ["WAYBILL_HOME"] = str(_home)
os.environ["BUCKET_PORT"] = str(free_ports(1)[0])

from sharing.settings import *  # noqa: E402, F403
from sharing.settings import DATABASES, STORAGES  # noqa: E402

# A file, since threads that share one SQLite database in memory would not race as processes do.
if not os.environ.get("DATABASE_URL"):
    DATABASES["default"]["TEST"] = {"NAME": str(_home / "tests.sqlite3")}
# The hashed manifest does not exist before `collectstatic`; tests/runtime runs with it.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Slow by design, and not what most tests are about.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
