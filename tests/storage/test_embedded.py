"""The embedded bucket listens on this machine only, asks for our keys, and keeps what it was given."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from sharing.environment import read_environment
from sharing.home import Home
from sharing.storage.bucket import Bucket
from sharing.storage.config import BucketConfig
from sharing.storage.embedded import EmbeddedBucket, EmbeddedBucketFailed, free_ports, is_free
from tests.bucket_client import http, send_form, sha256
from tests.programs import program


@pytest.fixture
def embedded(tmp_path: Path) -> EmbeddedBucket:
    [port] = free_ports(1)
    home = Home(tmp_path / "home")
    return EmbeddedBucket(
        BucketConfig.from_environment(read_environment(BUCKET_PORT=port), home), home, port=port
    )


@contextmanager
def running(embedded: EmbeddedBucket) -> Iterator[subprocess.Popen[bytes]]:
    process = embedded.start()
    try:
        embedded.wait_until_ready(process)
        yield process
    finally:
        embedded.stop(process)


def inner_ports(home: Home) -> dict[str, int]:
    ports: dict[str, int] = json.loads((home.bucket / "ports.json").read_text())
    return ports


def test_a_vacuum_gives_the_room_of_what_was_deleted_back_to_the_disk(embedded: EmbeddedBucket) -> None:
    body = bytes(5_000_000)
    with running(embedded):
        bucket = Bucket(embedded.config)
        bucket.ensure_exists()
        for name in ("stays", "goes", "goes too"):
            bucket.put(name, body, sha256=sha256(body))
        full = disk_usage(embedded)
        for name in ("goes", "goes too"):
            bucket.delete(name)
        until_deleted = time.monotonic() + 30
        while disk_usage(embedded) > full - 9_000_000 and time.monotonic() < until_deleted:
            embedded.vacuum()  # the volume hears of a deletion a moment later
        assert disk_usage(embedded) < full - 9_000_000
        assert bucket.head("stays").size == len(body)


def test_a_volume_of_nothing_but_garbage_is_dropped_which_needs_no_free_space(
    embedded: EmbeddedBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.storage.embedded.QUIET_SECONDS", 0)
    monkeypatch.setattr("sharing.storage.embedded.WORTH_A_VACUUM", 1)  # so that none is written anew
    body = bytes(5_000_000)
    with running(embedded):
        bucket = Bucket(embedded.config)
        bucket.ensure_exists()
        bucket.put("goes", body, sha256=sha256(body))
        bucket.delete("goes")
        until_deleted = time.monotonic() + 30
        while disk_usage(embedded) and time.monotonic() < until_deleted:
            embedded.vacuum()
        assert disk_usage(embedded) == 0
        bucket.put("comes after", body, sha256=sha256(body))
        assert bucket.head("comes after").size == len(body)


def test_what_is_sent_again_and_what_is_refused_is_known_as_garbage(embedded: EmbeddedBucket) -> None:
    """A signature is good as often as somebody likes, and SeaweedFS writes each body before it looks at its digest."""
    body = os.urandom(5_000_000)
    assert embedded.garbage() == 0
    with running(embedded):
        bucket = Bucket(embedded.config)
        bucket.ensure_exists()
        form = bucket.presign_form(
            "key", content_type="text/plain", smallest=0, largest=len(body), sha256=sha256(body)
        )
        assert [send_form(form, body).status for _ in range(2)] == [201, 201]
        assert send_form(form, body[:-1] + b"!").status == 400
        until_deleted = time.monotonic() + 30
        while embedded.garbage() < 9_900_000 and time.monotonic() < until_deleted:
            pass  # the volume hears of a deletion a moment later
        assert 9_900_000 < embedded.garbage() < 10_100_000
        embedded.vacuum()
        assert embedded.garbage() == 0
        assert disk_usage(embedded) < 6_000_000


def disk_usage(embedded: EmbeddedBucket) -> int:
    files = (embedded.folder / "data").rglob("*.dat")
    return sum(file.stat().st_size for file in files)


@pytest.mark.usefixtures("bucket")
def test_every_port_is_on_the_loopback_address() -> None:
    expected = {settings.BUCKET_PORT, *inner_ports(settings.HOME).values()}
    listing = subprocess.run([program("ss"), "-ltnH"], check=True, capture_output=True, text=True).stdout
    addresses = [line.split()[3].rsplit(":", 1) for line in listing.splitlines()]
    ours = [(host, int(port)) for host, port in addresses if int(port) in expected]
    assert sorted(ours) == sorted(("127.0.0.1", port) for port in expected)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/waybill"),
        ("GET", "/waybill/key"),
        ("PUT", "/waybill/key"),
        ("DELETE", "/waybill/key"),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_s3_refuses_who_does_not_sign(method: str, path: str) -> None:
    body = b"forged" if method == "PUT" else None
    assert http.request(method, f"http://127.0.0.1:{settings.BUCKET_PORT}{path}", body=body).status == 403


@pytest.mark.parametrize(
    ("method", "server", "path"),
    [
        ("GET", "master.port", "/dir/assign"),
        ("GET", "master.port", "/col/delete?collection=waybill"),
        ("POST", "master.port", "/submit"),
        ("GET", "filer.port", "/"),
        ("GET", "filer.port", "/buckets/waybill/"),
        ("PUT", "filer.port", "/buckets/waybill/forged"),
        ("GET", "volume.port", "/1,01637037d6"),
        ("POST", "volume.port", "/1,01637037d6"),
        ("DELETE", "volume.port", "/1,01637037d6"),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_the_doors_behind_s3_are_shut(method: str, server: str, path: str) -> None:
    port = inner_ports(settings.HOME)[server]
    fields = {"file": ("forged", b"forged")} if method in {"PUT", "POST"} else None
    assert http.request(method, f"http://127.0.0.1:{port}{path}", fields=fields).status in {401, 404}


def test_it_is_told_to_send_no_statistics(embedded: EmbeddedBucket) -> None:
    assert "-master.telemetry=false" in embedded.command({})


def test_what_is_stored_survives_being_killed_and_other_inner_ports(embedded: EmbeddedBucket) -> None:
    bucket = Bucket(embedded.config)
    with running(embedded) as process:
        bucket.client.create_bucket(Bucket=bucket.name)
        bucket.client.put_object(Bucket=bucket.name, Key="kept", Body=b"kept")
        process.kill()
        process.wait()
    before = inner_ports(embedded.home)
    with socket.create_server(("127.0.0.1", before["master.port"])), running(embedded):
        assert set(inner_ports(embedded.home).values()).isdisjoint({before["master.port"]})
        assert bucket.client.get_object(Bucket=bucket.name, Key="kept")["Body"].read() == b"kept"


def test_keys_are_readable_by_their_owner_only(embedded: EmbeddedBucket) -> None:
    with running(embedded):
        pass
    for path in (embedded.folder / "s3.json", embedded.folder / "security.toml", embedded.log):
        assert path.stat().st_mode & 0o777 == 0o600
    assert embedded.folder.stat().st_mode & 0o777 == 0o700


def test_a_failed_start_shows_the_end_of_the_log(embedded: EmbeddedBucket) -> None:
    with socket.create_server(("127.0.0.1", embedded.port)):
        process = embedded.start()
        with pytest.raises(
            EmbeddedBucketFailed, match=r"(?s)The embedded bucket .+\. The end of .+bucket\.log:\n  "
        ):
            embedded.wait_until_ready(process, seconds=10)
        embedded.stop(process)


def test_a_port_in_use_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free(server.getsockname()[1])


ASK_AS_NOBODY = """
import os
from sharing.storage.embedded import is_free
os.setuid(65534)
try:
    print(is_free(81))
except PermissionError:
    print("needs rights")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can become somebody else.")
def test_a_port_that_needs_rights_is_not_called_taken() -> None:
    least = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if not least.exists() or int(least.read_text()) <= 81:
        pytest.skip("Anybody may take this port.")
    asked = subprocess.run(
        [sys.executable, "-c", ASK_AS_NOBODY],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout == "needs rights\n"


def test_free_ports_differ_and_are_none_that_an_outgoing_connection_may_take() -> None:
    ports = free_ports(20)

    assert len(set(ports)) == 20
    assert max(ports) < 32_768
