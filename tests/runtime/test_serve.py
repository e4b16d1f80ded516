"""`manage.py serve` runs all of it and leaves nothing behind. These tests start whole instances: keep them few."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from django.conf import settings

from sharing.environment import read_environment
from sharing.home import Home
from sharing.storage.config import BucketConfig
from sharing.storage.embedded import free_ports
from tests.bucket_client import http
from tests.runtime.instance import Instance, own_environment, running
from tests.runtime.processes import alive, gone_within, part_pid

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """One instance for the tests that only look."""
    with running(Instance(tmp_path_factory.mktemp("served") / "home")) as instance:
        yield instance


def test_the_site_answers_and_so_does_all_that_it_needs(served: Instance) -> None:
    assert http.request("GET", f"{served.url}/livez").status == 200
    ready = http.request("GET", f"{served.url}/readyz")
    assert (ready.status, ready.json()) == (200, {"database": "ok", "cache": "ok", "bucket": "ok"})


def test_the_first_start_prints_a_link_to_set_up_the_first_account(served: Instance) -> None:
    [path] = re.findall(r"http://\S+(/setup/\S+)", "".join(served.output))
    assert http.request("GET", served.url + path).status == 200


def test_a_request_is_one_short_line_which_says_why_it_was_refused(served: Instance) -> None:
    asked = len(served.output)
    http.request("GET", f"{served.url}/nowhere/{'a' * 200}")
    http.request("GET", f"{served.url}/accounts/login/", headers={"Host": "evil.example"})
    http.request("POST", f"{served.url}/accounts/login/", fields={"login": "a"}, encode_multipart=False)
    http.request("GET", f"{served.url}/accounts/login/?the-last")
    served.wait_for_line("the-last")
    unknown, host, form, _ = [line.rstrip() for line in served.output[asked:]]
    assert " 404 GET /nowhere/aaa" in unknown
    assert "400 GET /accounts/login/" in host
    assert "evil.example" in host
    assert "403 POST /accounts/login/" in form
    assert "CSRF" in form
    assert max(map(len, (unknown, host, form))) <= 120


def test_modules_import_each_other_by_hashed_names_and_are_cached_for_ever(served: Instance) -> None:
    page = http.request("GET", f"{served.url}/accounts/login/").data.decode()
    [entry] = re.findall(r'src="(/static/js/waybill\.[0-9a-f]{12}\.js)"', page)
    module = http.request("GET", served.url + entry)
    assert "immutable" in module.headers["Cache-Control"]
    imported = re.findall(r'(?:from|import) ?"\./([^"]+)"', module.data.decode())
    assert imported
    for name in imported:
        assert re.search(r"\.[0-9a-f]{12}\.js$", name)
        assert http.request("GET", f"{served.url}/static/js/{name}").status == 200


def test_what_an_instance_owns_is_nobody_elses_to_read(served: Instance) -> None:
    assert served.home.stat().st_mode & 0o777 == 0o700
    assert [path for path in served.home.iterdir() if path.stat().st_mode & 0o077] == []


def test_a_second_serve_of_the_same_home_says_what_it_waits_for(served: Instance) -> None:
    second = Instance(served.home)
    second.start()
    try:
        second.wait_for_line("is in use by another Waybill. Waiting up to 20 s")
    finally:
        second.end()


@pytest.mark.slow
def test_two_run_side_by_side_and_ctrl_c_stops_all_of_one(served: Instance, tmp_path: Path) -> None:
    with running(Instance(tmp_path / "second")) as second:
        assert http.request("GET", f"{second.url}/readyz").status == 200
        second.signal(signal.SIGINT)
        assert second.wait() == 0
        assert "Waybill has stopped." in "".join(second.output)
        assert alive(second.family) == {}
    assert http.request("GET", f"{served.url}/readyz").status == 200


@pytest.mark.slow
def test_the_end_of_a_part_is_named_and_stops_the_whole(tmp_path: Path) -> None:
    with running(Instance(tmp_path / "home")) as instance:
        os.kill(part_pid(instance.family, "waybill-web"), signal.SIGKILL)
        instance.wait_for_line("The web was ended by SIGKILL")
        assert instance.wait() == 1
        assert gone_within(instance.family, 10)


@pytest.mark.slow
def test_killed_it_leaves_no_orphan_and_the_next_start_finds_everything(tmp_path: Path) -> None:
    first = Instance(tmp_path / "home")
    with running(first):
        create_account(first)
        bucket = bucket_client(first)
        bucket.put_object(Bucket="waybill", Key="kept", Body=b"kept")
        first.signal(signal.SIGKILL)
        # At once: the second start itself waits until nothing of the first is left.
        with running(Instance(first.home, port=first.port, bucket_port=first.bucket_port)) as second:
            assert alive(first.family) == {}
            assert bucket.get_object(Bucket="waybill", Key="kept")["Body"].read() == b"kept"
            assert "/setup/" not in "".join(second.output)


@pytest.mark.parametrize("variable", ["PORT", "BUCKET_PORT"])
def test_a_port_that_is_taken_is_named(tmp_path: Path, variable: str) -> None:
    free, taken = free_ports(2)
    ports = (taken, free) if variable == "PORT" else (free, taken)
    with socket.create_server(("127.0.0.1", taken)):
        instance = Instance(tmp_path / "home", port=ports[0], bucket_port=ports[1])
        instance.start()
        try:
            instance.wait_for_line(rf"port {taken} is taken.* set {variable} to another")
            assert instance.wait() == 1
            assert "Traceback" not in "".join(instance.output)
        finally:
            instance.end()


def create_account(instance: Instance) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "createsuperuser", "--noinput", "--email", "alice@example.com"],
        cwd=settings.BASE_DIR,
        env=own_environment(instance.home, DJANGO_SUPERUSER_PASSWORD="correct horse battery"),
        check=True,
        capture_output=True,
    )


def bucket_client(instance: Instance) -> "S3Client":
    config = BucketConfig.from_environment(
        read_environment(BUCKET_PORT=instance.bucket_port), Home(instance.home)
    )
    return boto3.client(
        "s3",
        region_name=config.region,
        endpoint_url=config.endpoint_url,
        aws_access_key_id=config.access_key,
        aws_secret_access_key=config.secret_key,
        config=config.client_config(),
    )
