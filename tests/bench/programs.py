"""Other people's programs that send a file to the bucket, where they are installed."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sharing.storage.embedded import free_ports
from tests.bench.site import FOLDER, Site

# An upload that takes longer has stopped.
TIMEOUT_SECONDS = 600
_OWN_PROGRAMS = Path(sys.executable).parent
_PATH = os.pathsep.join((str(_OWN_PROGRAMS), os.environ.get("PATH", "")))


def find_rclone() -> str | None:
    return shutil.which("rclone")


def find_aws_cli() -> str | None:
    """Return the one that `make bench` has installed: it pins a botocore of its own, so it has its own environment."""
    return shutil.which("aws", path=str(_OWN_PROGRAMS.parent / "bench" / "bin"))


def versions() -> dict[str, str]:
    """Return what the programs say of themselves, "not installed" where one is missing."""
    found = {"rclone": (find_rclone(), "version"), "aws-cli": (find_aws_cli(), "--version")}
    return {name: _version(program, option) for name, (program, option) in found.items()}


def rclone(site: Site, file: Path, key: str) -> None:
    """Send `file` by `rclone copyto` with its defaults: 5 MiB a part, four at a time."""
    config = site.bucket.config
    remote = {
        "TYPE": "s3",
        "PROVIDER": "Other",
        "ENDPOINT": site.bucket_url,
        "REGION": config.region,
        "ACCESS_KEY_ID": config.access_key,
        "SECRET_ACCESS_KEY": config.secret_key,
        "NO_CHECK_BUCKET": "true",
    }
    # No configuration of whoever runs the bench.
    variables = {"RCLONE_CONFIG": os.devnull} | {
        f"RCLONE_CONFIG_BUCKET_{name}": value for name, value in remote.items()
    }
    _run([find_rclone(), "copyto", file, f"bucket:{config.name}/{key}"], variables)


def aws_cli(site: Site, file: Path, key: str) -> None:
    """Send `file` by `aws s3 cp` with its defaults: 8 MiB a part, ten at a time."""
    config = site.bucket.config
    variables = {
        "AWS_ACCESS_KEY_ID": config.access_key,
        "AWS_SECRET_ACCESS_KEY": config.secret_key,
        "AWS_REGION": config.region,
        "AWS_CONFIG_FILE": os.devnull,
    }
    words = ["s3", "cp", "--only-show-errors", "--endpoint-url", site.bucket_url]
    _run([find_aws_cli(), *words, file, f"s3://{config.name}/{key}"], variables)


@contextlib.contextmanager
def tus_server(site: Site) -> Iterator[int]:
    """A tus server before the site's bucket; gives its port of 127.0.0.1."""
    config = site.bucket.config
    [port] = free_ports(1)
    settings = {
        "port": port,
        "bucket": config.name,
        "endpoint": config.endpoint_url,
        "region": config.region,
        "credentials": {"accessKeyId": config.access_key, "secretAccessKey": config.secret_key},
    }
    process = subprocess.Popen(
        [shutil.which("node", path=_PATH) or "node", str(FOLDER / "tus.mjs")],
        env=os.environ | {"TUS": json.dumps(settings)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("The tus server did not start.")
            yield port
        finally:
            process.terminate()
            process.wait()


def _run(words: list[object], variables: dict[str, str | None]) -> None:
    subprocess.run(
        [str(word) for word in words],
        env=os.environ | {name: value for name, value in variables.items() if value},
        check=True,
        timeout=TIMEOUT_SECONDS,
    )


def _version(program: str | None, option: str) -> str:
    if not program:
        return "not installed"
    return subprocess.run([program, option], capture_output=True, text=True, check=True).stdout.splitlines()[
        0
    ]
