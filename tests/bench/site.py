"""A whole Waybill to measure, as `make run` serves it, with one user who is signed in."""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings

from sharing.environment import read_environment
from sharing.home import Home
from sharing.storage.bucket import Bucket
from sharing.storage.config import BucketConfig
from sharing.storage.embedded import free_ports
from tests.bench.chromium import Chromium, PageError, Tab
from tests.bench.line import Line
from tests.bench.proxy import proxied
from tests.runtime.instance import Instance, own_environment, running

FOLDER = Path(__file__).parent
EMAIL, PASSWORD = "bench@example.com", "measured twice and sent once"
SIGN_IN = """(async () => {
    const form = document.querySelector("form[action*='/accounts/login/']");
    form.elements.login.value = %s;
    form.elements.password.value = %s;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok || answer.url.includes("/accounts/")) throw new Error("Could not sign in: " + answer.url);
})()"""
PURGE_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """An instance, and the addresses by which the browser reaches it and its bucket."""

    instance: Instance
    url: str
    bucket_url: str
    line: Line | None = None

    @cached_property
    def home(self) -> Home:
        return Home(self.instance.home)

    @cached_property
    def bucket(self) -> Bucket:
        """The bucket, reached without any proxy."""
        environment = read_environment(BUCKET_PORT=self.instance.bucket_port)
        return Bucket(BucketConfig.from_environment(environment, self.home))

    def sign_in(self, chromium: Chromium) -> None:
        with chromium.tab(f"{self.url}/accounts/login/") as tab:
            tab.run(SIGN_IN % (json.dumps(EMAIL), json.dumps(PASSWORD)))

    @contextlib.contextmanager
    def dashboard(self, chromium: Chromium, *scripts: str) -> Iterator[Tab]:
        """A new tab at the dashboard, with these scripts of `page/` in it."""
        with chromium.tab(f"{self.url}/") as tab:
            for name in ("bench.js", *scripts):
                tab.run((FOLDER / "page" / name).read_text())
            yield tab

    def static_url(self, name: str) -> str:
        """The address of a static file by its hashed name."""
        manifest = json.loads((self.home.static / "staticfiles.json").read_text())
        return f"/static/{manifest['paths'][name]}"

    def wait_until_purged(self) -> None:
        """Return once the worker has removed the objects of deleted files."""
        deadline = time.monotonic() + PURGE_SECONDS
        while self.bucket.client.list_objects_v2(Bucket=self.bucket.name, Prefix="files/")["KeyCount"]:
            if time.monotonic() > deadline:
                raise PageError("The objects of deleted files are still in the bucket.")
            time.sleep(0.2)


@contextlib.contextmanager
def serving(*, line: Line | None = None) -> Iterator[Site]:
    """An instance in a home that is thrown away; the browser reaches all of it over `line`."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="waybill-bench-")))
        port, bucket_port = free_ports(2)
        url, bucket_url = (f"http://127.0.0.1:{number}" for number in (port, bucket_port))
        # Deleted files make room for the next at once.
        variables = {"USER_QUOTA": "10TiB", "TRASH_DAYS": "0"}
        if line is not None:
            ports = stack.enter_context(proxied(line, port, bucket_port))
            url, bucket_url = (f"http://127.0.0.1:{number}" for number in ports)
            variables |= {"SITE_URL": url, "S3_PUBLIC_ENDPOINT_URL": bucket_url}
        home = folder / "home"
        instance = Instance(home, port=port, bucket_port=bucket_port, **variables)
        stack.enter_context(running(instance))
        subprocess.run(
            [sys.executable, "manage.py", "createsuperuser", "--noinput", "--email", EMAIL],
            cwd=settings.BASE_DIR,
            env=own_environment(home, DJANGO_SUPERUSER_PASSWORD=PASSWORD, **variables),
            stdout=subprocess.DEVNULL,
            check=True,
        )
        yield Site(instance, url, bucket_url, line)
