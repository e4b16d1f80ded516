"""The embedded bucket: one `weed` process (SeaweedFS, a real S3 server) on 127.0.0.1, its data in WAYBILL_HOME.

S3 asks for our keys. SeaweedFS's own HTTP doors are shut but for a page of its state (`-disableHttp`, and tokens for
its volumes). Its gRPC ports trust whoever reaches them: where other people log in to the host, use an external bucket.
"""

import json
import os
import secrets
import socket
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from sharing.home import Home
from sharing.storage.config import BucketConfig
from sharing.storage.errors import StorageError

INNER_PORTS = (
    *("master.port", "master.port.grpc", "volume.port", "volume.port.grpc"),
    *("filer.port", "filer.port.grpc", "s3.port.grpc"),
)
TOKEN_KEYS = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
SERVER_PORTS = range(10_000, 32_768)
LOG_LIMIT = 20_000_000
READY_SECONDS = 30.0
# SeaweedFS 4.48 stops its volumes before the log that wants to write to them, and then waits for ever. What it
# acknowledged is with the operating system by then, so it gets a moment and is killed.
STOP_SECONDS = 1.0
# Of a volume of 1 GiB: what is less is not worth writing the rest anew.
WORTH_A_VACUUM = 0.01
VACUUM_SECONDS = 300.0
# Seconds for which nothing was written to a volume that is dropped because all of it was deleted.
QUIET_SECONDS = 5


class EmbeddedBucketFailed(StorageError):
    """The embedded bucket did not start, or ended; the message holds the end of its log."""


class EmbeddedBucket:
    """Starts and stops the bucket of a home. Only the S3 port is fixed; the inner ones are whatever is free."""

    def __init__(self, config: BucketConfig, home: Home, *, port: int) -> None:
        self.config = config
        self.home = home
        self.port = port
        self.folder = home.bucket
        self.log = home.root / "bucket.log"

    def start(self) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, without waiting for it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / "data").mkdir(mode=0o700, exist_ok=True)
        self._write("security.toml", "".join(self._token_key(section) for section in TOKEN_KEYS))
        self._write("s3.json", json.dumps(self._identities()))
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self._private(self.log, os.O_APPEND) as log:
            return subprocess.Popen(
                self.command(self._inner_ports()),
                cwd=self.folder,
                # A clean environment: weed would take WEED_* and AWS_* variables for settings of its own.
                env={"HOME": str(self.folder), "PATH": os.defpath},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o077,
            )

    def command(self, ports: dict[str, int]) -> list[str]:
        weed = Path(sysconfig.get_path("scripts")) / "weed"
        return [
            *(str(weed), "-logtostderr=true", "server", "-dir=data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
            "-disableHttp",
            *(f"-{flag}={port}" for flag, port in ports.items()),
            *("-filer", "-s3", f"-s3.port={self.port}", "-s3.ip.bind=127.0.0.1", "-s3.config=s3.json"),
            *("-s3.iam=false", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"),
            *(
                "-master.telemetry=false",
                "-master.volumeSizeLimitMB=1024",
                "-volume.max=0",
                "-volume.preStopSeconds=0",
            ),
            # There is nobody else to vote, so a leader need not wait for votes.
            *("-master.electionTimeout=300ms", "-master.heartbeatInterval=100ms"),
        ]

    def is_answering(self) -> bool:
        """True if S3 answers, by refusing an unsigned request, and the volumes that hold the bytes are up as well.

        S3 is up some seconds before the volumes at times, and until then answers 500 to who asks for an object.
        """
        status = _get(self.port)[0]
        if status != 403:
            return False
        ports = self._last_ports()
        servers = _get(ports["master.port"])[1]
        return f"127.0.0.1:{ports['volume.port']}" in servers

    def wait_until_ready(self, process: subprocess.Popen[bytes], *, seconds: float = READY_SECONDS) -> None:
        """Return once it answers. Raises EmbeddedBucketFailed when it ends or the time is over."""
        deadline = time.monotonic() + seconds
        while not self.is_answering():
            if process.poll() is not None:
                raise self._failed(
                    _("The embedded bucket ended with status %(status)s.") % {"status": process.returncode}
                )
            if time.monotonic() > deadline:
                raise self._failed(
                    _("The embedded bucket did not answer within %(seconds)s s.")
                    % {"seconds": round(seconds)}
                )
            time.sleep(0.05)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self.remove_sockets()

    def garbage(self) -> int:
        """Return the bytes of deleted objects that are still on the disk; 0 where its volumes do not answer.

        Counts what was sent again, refused or given up, too, of which nobody else knows.
        """
        status, answer = _get(self._last_ports().get("volume.port", 0), "status")
        volumes = json.loads(answer)["Volumes"] if status == HTTPStatus.OK else None
        return sum(volume["DeletedByteCount"] for volume in volumes or [])

    def vacuum(self) -> None:
        """Return the space of deleted objects to the disk; SeaweedFS itself waits until a third of a volume is garbage.

        A volume of nothing but garbage is dropped. That works on a full disk, too: writing a volume anew needs as much
        free space as the volume has, and SeaweedFS says only in its own log that there was none.

        Takes as long as the disk takes to write what is left of such a volume. Raises EmbeddedBucketFailed.
        """
        commands = (
            "lock",
            f"volume.deleteEmpty -quietFor={QUIET_SECONDS}s -apply",
            f"volume.vacuum -garbageThreshold={WORTH_A_VACUUM}",
            "unlock",
            "exit",
        )
        ports = self._last_ports()
        master = f"127.0.0.1:{ports['master.port']}.{ports['master.port.grpc']}"
        try:
            subprocess.run(
                [str(Path(sysconfig.get_path("scripts")) / "weed"), "shell", f"-master={master}"],
                input="\n".join([*commands, ""]).encode(),
                cwd=self.folder,
                env={"HOME": str(self.folder), "PATH": os.defpath},
                check=True,
                capture_output=True,
                timeout=VACUUM_SECONDS,
            )
        except subprocess.CalledProcessError as error:
            said = (error.stdout + error.stderr).decode(errors="replace")[-500:]
            if "volume not empty" in said:
                return  # something was written to it just now, which its server knows before the master does
            raise EmbeddedBucketFailed(
                _("The embedded bucket could not free its space: %(reason)s") % {"reason": said}
            ) from error
        except (OSError, subprocess.SubprocessError) as error:
            raise EmbeddedBucketFailed(
                _("The embedded bucket could not free its space: %(reason)s") % {"reason": error}
            ) from error

    def remove_sockets(self) -> None:
        """Remove what weed leaves behind: it listens on sockets too, at a fixed place and named after its ports."""
        for port in (self.port, *self._last_ports().values()):
            for socket_file in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108
                socket_file.unlink(missing_ok=True)

    def _failed(self, what: str) -> EmbeddedBucketFailed:
        end = self.log.read_bytes()[-4096:].decode(errors="replace").splitlines()[-8:]
        log = _("The end of %(path)s:") % {"path": self.log}
        return EmbeddedBucketFailed("\n  ".join([f"{what} {log}", *end]))

    def _inner_ports(self) -> dict[str, int]:
        """Return the ports of last time if they are still free, since the master names its folder after its port."""
        ports = self._last_ports()
        if not ports or self.port in ports.values() or not all(map(is_free, ports.values())):
            ports = dict(zip(INNER_PORTS, free_ports(len(INNER_PORTS), besides=self.port), strict=True))
            self._write("ports.json", json.dumps(ports))
        return ports

    def _last_ports(self) -> dict[str, int]:
        try:
            ports: dict[str, int] = json.loads((self.folder / "ports.json").read_text())
        except (OSError, ValueError):
            return {}
        return ports

    def _identities(self) -> dict[str, object]:
        keys = {"accessKey": self.config.access_key, "secretKey": self.config.secret_key}
        return {"identities": [{"name": "waybill", "credentials": [keys], "actions": ["Admin"]}]}

    def _token_key(self, section: str) -> str:
        return f'[{section}]\nkey = "{self.home.secret("bucket-" + section.replace(".", "-"))}"\n'

    def _write(self, name: str, text: str) -> None:
        with self._private(self.folder / name, os.O_TRUNC) as file:
            file.write(text.encode())

    def _private(self, path: Path, flags: int) -> IO[bytes]:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600), "wb")


def _get(port: int, page: str = "") -> tuple[int, str]:
    """Return the status and text of a page at this port of 127.0.0.1; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=2) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""
    except OSError:
        return 0, ""


def is_free(port: int) -> bool:
    """True if a server could listen on this port of 127.0.0.1 now. Raises PermissionError where none ever may."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except PermissionError:
            raise
        except OSError:
            return False
        return True


def free_ports(count: int, *, besides: int = 0) -> list[int]:
    """Return ports of 127.0.0.1 that are free now, all different and none of them `besides`.

    They lie below those the system lends to outgoing connections (from 32,768 on Linux, RFC 6335's 49,152 elsewhere):
    one of these would be free now, and lent to somebody before its server is up.
    """
    ports: set[int] = set()
    while len(ports) < count:
        port = SERVER_PORTS[secrets.randbelow(len(SERVER_PORTS))]
        if port != besides and is_free(port):
            ports.add(port)
    return list(ports)
