"""The real bucket, reached in another way: not at all, or through a service that does less than S3."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import urllib3
from django.conf import settings
from django.test import override_settings

from sharing.storage.bucket import Bucket, get_bucket

CHECKSUM_HEADER = "x-amz-checksum-"
NOT_IMPLEMENTED = (
    b"<Error><Code>NotImplemented</Code>"
    b"<Message>Header 'x-amz-checksum-algorithm' is not implemented</Message></Error>"
)


@contextmanager
def bucket_at(address: str) -> Iterator[Bucket]:
    """The bucket of the settings, called and signed for at this address."""
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


@contextmanager
def bucket_that_answers(status: int, code: str) -> Iterator[Bucket]:
    """A service that refuses whatever it is asked, as S3 words its errors."""
    words = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()

    class Service(BaseHTTPRequestHandler):
        def refuse(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = refuse  # noqa: N815

        def log_message(self, *words: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        with bucket_at(f"http://127.0.0.1:{server.server_port}") as bucket:
            yield bucket
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def bucket_without_sha256(*, refusing: bool) -> Iterator[Bucket]:
    """The real bucket behind a service that drops its digests; one that is `refusing` answers 501 to be given any."""
    origin = f"{settings.BUCKET.endpoint_url}"
    with urllib3.PoolManager(maxsize=16, retries=False) as upstream:

        class Service(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_request(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if refusing and (self.mentions_checksums or b"x-amz-checksum-" in body):
                    self.answer(501, [], NOT_IMPLEMENTED)
                    return
                answer = upstream.request(
                    self.command, origin + self.path, body=body, headers=dict(self.headers), redirect=False
                )
                kept = [
                    (name, value)
                    for name, value in answer.headers.items()
                    if not name.lower().startswith((CHECKSUM_HEADER, "content-length", "transfer-encoding"))
                ]
                length = answer.headers.get("Content-Length") if self.command == "HEAD" else None
                self.answer(answer.status, kept, answer.data, length=length)

            @property
            def mentions_checksums(self) -> bool:
                names = (name.lower() for name in self.headers)
                # Asking for digests is harmless; giving some is what such services refuse.
                return any(
                    name.startswith(CHECKSUM_HEADER) and name != f"{CHECKSUM_HEADER}mode" for name in names
                )

            def answer(
                self, status: int, headers: list[tuple[str, str]], body: bytes, *, length: str | None = None
            ) -> None:
                self.send_response_only(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", length or str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the parent's word)
                pass

        for method in ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"):
            setattr(Service, f"do_{method}", Service.handle_request)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
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
