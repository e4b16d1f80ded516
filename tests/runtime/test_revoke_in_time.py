"""The time that a revocation takes, by the worker of a whole Waybill as it runs on one machine."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.bucket_client import fetch, http
from tests.runtime.instance import Instance, own_environment, running

pytestmark = pytest.mark.slow

SECONDS_ALLOWED = 5
SIZE = 50_000_000

MAKE_A_FILE = f"""
from sharing.accounts.models import User
from sharing.files.models import Upload
from tests.factories import link_to, send_parts
alice = User.objects.create_user("alice@example.com")
upload = Upload.objects.start(owner=alice, name="film.mov", size={SIZE}, with_sha256=True)
send_parts(upload, bytes({SIZE}))
upload.complete()
print(upload.file.pk, link_to(upload.file).url, upload.file.create_direct_url(seconds=604_800)[0])
"""
REVOKE = """
from sharing.files.models import File
File.objects.get().revoke_direct_urls()
"""


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with running(Instance(tmp_path_factory.mktemp("revoking") / "home")) as instance:
        yield instance


def shell(instance: Instance, script: str) -> str:
    """Return what a script of our own prints, run beside the instance."""
    ports = {"PORT": str(instance.port), "BUCKET_PORT": str(instance.bucket_port)}
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", script],
        cwd=settings.BASE_DIR,
        env=own_environment(instance.home, **ports),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def download(link: str, file_id: str) -> bytes:
    """By a link, as a visitor; once more where it was signed just before the object moved away."""
    for _ in range(2):
        answer = http.request("POST", f"{link}files/{file_id}/download/", redirect=False)
        fetched = fetch(answer.headers["Location"])
        if fetched.status == 200:
            return fetched.data
    raise AssertionError(f"the link gave nothing: {fetched.status}")


def test_a_direct_url_issued_for_7_days_is_dead_5_seconds_after_its_revocation(served: Instance) -> None:
    file_id, link, url = shell(served, MAKE_A_FILE).split()
    link = link.replace("localhost", "127.0.0.1")
    assert fetch(url).status == 200
    shell(served, REVOKE)
    revoked_at = time.monotonic()
    while fetch(url, Range="bytes=0-0").status != 404:
        assert time.monotonic() - revoked_at < SECONDS_ALLOWED
        assert len(download(link, file_id)) == SIZE, "another link goes on at every moment"
    assert len(download(link, file_id)) == SIZE
