"""The real bucket behind a proxy that refuses or changes what a test says, or at an address where nothing answers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import urllib3
from django.conf import settings
from django.test import override_settings

from sharing.storage.bucket import Bucket, get_bucket

DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>"
NOT_IMPLEMENTED = (
    b"<Error><Code>NotImplemented</Code>"
    b"<Message>Header 'x-amz-checksum-algorithm' is not implemented</Message></Error>"
)
CHECKSUM_HEADER = "x-amz-checksum-"


@contextmanager
def bucket_at(address: str) -> Iterator[Bucket]:
    """Call and sign for the bucket of the settings at this address."""
    elsewhere = replace(settings.BUCKET, endpoint_url=address, public_endpoint_url=address)
    get_bucket.cache_clear()
    try:
        with override_settings(BUCKET=elsewhere):
            yield get_bucket()
    finally:
        get_bucket.cache_clear()


@contextmanager
def unreachable_bucket() -> Iterator[Bucket]:
    with bucket_at("http://127.0.0.1:1") as bucket:
        yield bucket


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query, keep_blank_values=True)

    @property
    def is_signed(self) -> bool:
        return "X-Amz-Signature" in self.query or "authorization" in self.headers or self.method == "POST"

    @property
    def gives_checksums(self) -> bool:
        """True if it gives digests. To ask for some is harmless."""
        names = self.headers.keys() - {f"{CHECKSUM_HEADER}mode"}
        return (
            any(name.startswith(CHECKSUM_HEADER) for name in names) or CHECKSUM_HEADER.encode() in self.body
        )

    @property
    def action(self) -> str:
        """Return the right that it needs, as S3 names the operation."""
        query = self.query
        if not urlsplit(self.path).path.strip("/").partition("/")[2]:
            plain = {
                "HEAD": "HeadBucket",
                "GET": "ListObjectsV2",
                "PUT": "CreateBucket",
                "POST": "PostObject",
            }
            named = {"cors": f"{self.method.capitalize()}BucketCors", "uploads": "ListMultipartUploads"}
            return next((named[name] for name in named if name in query), plain.get(self.method, ""))
        if "uploadId" in query:
            parts = {"GET": "ListParts", "PUT": "UploadPart", "DELETE": "AbortMultipartUpload"}
            return parts.get(self.method, "CompleteMultipartUpload")
        is_copied = "x-amz-copy-source" in self.headers
        special = "CreateMultipartUpload" if "uploads" in query else "CopyObject" if is_copied else ""
        return special or f"{self.method.capitalize()}Object"


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)


# Given what was asked, and a call that asks the real bucket; returns what is answered.
type Changes = Callable[[Request, Callable[[], Answer]], Answer]


def refusing(*actions: str) -> Changes:
    """Answer 403, as S3 does to keys without the right."""

    def change(request: Request, forward: Callable[[], Answer]) -> Answer:
        return Answer(403, DENIED) if request.is_signed and request.action in actions else forward()

    return change


def bucket_that_answers(status: int, code: str) -> AbstractContextManager[Bucket]:
    """A service that refuses all requests, as S3 words its errors."""
    answer = Answer(status, f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode())
    return bucket_behind(lambda request, forward: answer)


def bucket_without_sha256(*, refusing: bool) -> AbstractContextManager[Bucket]:
    """A service that drops SHA-256 digests; one that is `refusing` answers 501 to requests that give any."""

    def change(request: Request, forward: Callable[[], Answer]) -> Answer:
        if refusing and request.gives_checksums:
            return Answer(501, NOT_IMPLEMENTED)
        answer = forward()
        kept = [pair for pair in answer.headers if not pair[0].lower().startswith(CHECKSUM_HEADER)]
        return replace(answer, headers=kept)

    return bucket_behind(change)


@contextmanager
def bucket_behind(change: Changes) -> Iterator[Bucket]:
    """Yield the real bucket behind a proxy that answers as `change` says."""
    origin = settings.BUCKET.endpoint_url
    with urllib3.PoolManager(maxsize=16, retries=False) as upstream:

        class Proxy(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_request(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", 0)))
                request = Request(self.command, self.path, headers, body)
                answer = change(request, lambda: self.forward(body))
                self.send_response_only(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                if self.command != "HEAD" or answer.body:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

            def forward(self, body: bytes) -> Answer:
                real = upstream.request(
                    self.command, origin + self.path, body=body, headers=dict(self.headers), redirect=False
                )
                # The length that a HEAD is answered with is that of the object.
                length = () if self.command == "HEAD" else ("content-length",)
                dropped = ("transfer-encoding", "connection", *length)
                kept = [pair for pair in real.headers.items() if not pair[0].lower().startswith(dropped)]
                return Answer(real.status, real.data, kept)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the parent's word)
                pass

        for method in ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"):
            setattr(Proxy, f"do_{method}", Proxy.handle_request)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            with bucket_at(f"http://127.0.0.1:{server.server_address[1]}") as bucket:
                yield bucket
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
