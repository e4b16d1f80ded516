"""A served instance with links to open, downloads to spend and uploads to complete."""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from sharing.environment import read_environment
from sharing.home import Home
from sharing.storage.bucket import Bucket
from sharing.storage.config import BucketConfig
from sharing.storage.embedded import EmbeddedBucket, free_ports
from tests import postgres
from tests.bench.load.slow_bucket import slow_bucket
from tests.bench.load.visitors import Request
from tests.runtime.instance import Instance, own_environment, running

LINKS = 20
CSRF = "a" * 32
MAKE = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from urllib.parse import urlsplit
from sharing.accounts.models import User
from sharing.files.models import Upload
from tests.bucket_client import send_form, sha256
from tests.factories import announced, link_to, sent_file
bench = User.objects.create_user("bench@example.com")
session = SessionStore()
session[SESSION_KEY] = str(bench.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = bench.get_session_auth_hash()
session.save()
links = [link_to(sent_file(bench), download_limit=1_000_000) for _ in range({links})]
uploads = [announced(bench) for _ in range({uploads})]
for upload in uploads:
    assert send_form(upload.presign_form(), b"hello").status == 201
paths = [urlsplit(link.url).path for link in links]
spending = [f"{{path}}files/{{link.items.get().file_id}}/download/" for path, link in zip(paths, links)]
made = {{"session": session.session_key, "opening": paths, "spending": spending,
         "uploads": [str(upload.pk) for upload in uploads]}}
print("MADE", json.dumps(made))
"""


@dataclass(frozen=True)
class Site:
    instance: Instance
    opening: list[Request]
    spending: list[Request]
    completing: list[Request]


@contextlib.contextmanager
def serving(*, database: str, uploads: int, answer_after: float) -> Iterator[Site]:
    """An instance on this database, whose bucket takes so many seconds to complete each of these uploads."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="waybill-load-")))
        variables = stack.enter_context(_bucket(folder, answer_after))
        if database == "postgres":
            data = stack.enter_context(tempfile.TemporaryDirectory(prefix="waybill-load-postgres-"))
            url = stack.enter_context(postgres.cluster(Path(data)))
            variables["DATABASE_URL"] = f"{url.removesuffix('/waybill')}/postgres"
        instance = Instance(folder / "home")
        instance.variables = {"LOG_LEVEL": "WARNING", **variables}
        stack.enter_context(running(instance))
        made = _make(instance, uploads)
        cookies = f"waybill-{instance.port}={made['session']}; waybill-csrf-{instance.port}={CSRF}"
        signed_in = {"Cookie": cookies, "X-CSRFToken": CSRF}
        yield Site(
            instance,
            [Request("GET", path) for path in made["opening"]],
            [Request("POST", path) for path in made["spending"]],
            [Request("POST", f"/api/v1/uploads/{pk}/completion/", signed_in) for pk in made["uploads"]],
        )


@contextlib.contextmanager
def _bucket(folder: Path, answer_after: float) -> Iterator[dict[str, str]]:
    """A bucket of its own. Gives the variables of an instance that asks it by way of the slow one."""
    [port] = free_ports(1)
    home = Home(folder / "bucket-home")
    home.root.mkdir()
    config = BucketConfig.from_environment(read_environment(BUCKET_PORT=port), home)
    embedded = EmbeddedBucket(config, home, port=port)
    process = embedded.start()
    try:
        embedded.wait_until_ready(process)
        Bucket(config).ensure_exists()
        with slow_bucket(port, answer_after) as slow:
            yield {
                "S3_BUCKET": config.name,
                "S3_REGION": config.region,
                "S3_ENDPOINT_URL": f"http://127.0.0.1:{slow}",
                "S3_PUBLIC_ENDPOINT_URL": config.endpoint_url,
                "S3_ADDRESSING_STYLE": "path",
                "AWS_ACCESS_KEY_ID": config.access_key or "",
                "AWS_SECRET_ACCESS_KEY": config.secret_key or "",
            }
    finally:
        embedded.stop(process)


def _make(instance: Instance, uploads: int) -> dict[str, list[str]]:
    # Files made before the load do not wait for the slow bucket.
    variables = instance.variables | {"S3_ENDPOINT_URL": instance.variables["S3_PUBLIC_ENDPOINT_URL"]}
    made = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", MAKE.format(links=LINKS, uploads=uploads)],
        cwd=settings.BASE_DIR,
        env=own_environment(instance.home, PORT=str(instance.port), **variables),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    words: dict[str, list[str]] = json.loads(made.stdout.rpartition("MADE ")[2])
    return words
