"""An HTTP proxy between browser and bucket, in which things go wrong by a script."""

import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from sharing.storage.embedded import free_ports
from tests.e2e.faults.ledger import Carried, Ledger
from tests.e2e.faults.script import Fault, Script

CHUNK = 64 * 1024
LONGEST_SILENCE_SECONDS = 60
FORM_KEY = re.compile(rb'name="key"\r\n\r\n([^\r]+)')
# Said anew on each side: they are about one connection (RFC 9110, 7.6.1), or about a framing that is not kept.
OWN_HEADERS = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Dropped(Exception):
    """The script breaks the connection."""


class FaultProxy:
    """Listens on 127.0.0.1 and passes on to `target`, a port there. What it carries is in `ledger`."""

    def __init__(self, target: int) -> None:
        [port] = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        self.target = target
        self.ledger = Ledger()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.ledger.release()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def follow(self, script: Script | None = None, *, passing: int | None = None) -> Ledger:
        """Begin a new ledger, with this script or with nothing that goes wrong."""
        self.ledger.release()
        self.ledger = Ledger(script, passing=passing)
        return self.ledger


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A browser lets its idle connections stand: nobody should wait for their threads.
    block_on_close = False

    def __init__(self, address: tuple[str, int], proxy: FaultProxy) -> None:
        super().__init__(address, _Carrier)
        self.proxy = proxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that the browser dropped is no news."""


class _Carrier(BaseHTTPRequestHandler):
    """One connection of a browser's: each request goes to the bucket on a connection of its own."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def _carry(self) -> None:
        self.connection.settimeout(LONGEST_SILENCE_SECONDS)
        upstream = HTTPConnection("127.0.0.1", self.server.proxy.target, timeout=LONGEST_SILENCE_SECONDS)
        with closing(upstream):
            try:
                # First of all: where the bucket is away, nobody takes a body for it.
                upstream.connect()
                self._exchange(upstream)
            except (OSError, HTTPException, Dropped):
                self._break()

    do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = _carry  # noqa: N815

    def log_message(self, *words: object) -> None:
        """Silence."""

    def _exchange(self, upstream: HTTPConnection) -> None:
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "connection":
                upstream.putheader(name, value)
        upstream.endheaders()
        length = int(self.headers.get("Content-Length", 0))
        if not length:
            self._answer(upstream.getresponse(), None)
            return
        self._ledger = self.server.proxy.ledger
        first = self.rfile.read1(min(CHUNK, length))
        carried = self._ledger.begin(self.command, self._what(first), length)
        try:
            self._send_on(upstream, self._damaged(self._body(carried, first), carried))
            answer = upstream.getresponse()
            carried.status = answer.status
            self._answer(answer, carried.fault)
        finally:
            self._ledger.end(carried)

    def _send_on(self, upstream: HTTPConnection, chunks: Iterator[bytes]) -> None:
        for chunk in chunks:
            try:
                upstream.send(chunk)
            except OSError:
                # It takes no more: it has answered already, or is gone, and then there will be no answer.
                self.close_connection = True
                return

    def _what(self, first: bytes) -> tuple[str, int]:
        address = urlsplit(self.path)
        if key := FORM_KEY.search(first):
            return key[1].decode(), 0
        return address.path, int(parse_qs(address.query)["partNumber"][0])

    def _body(self, carried: Carried, first: bytes) -> Iterator[bytes]:
        chunk = first
        while chunk:
            self._ledger.receive(carried, len(chunk))
            yield chunk
            chunk = self.rfile.read1(min(CHUNK, carried.length - carried.received))
        if carried.received < carried.length:
            raise Dropped  # by the browser

    def _damaged(self, chunks: Iterator[bytes], carried: Carried) -> Iterator[bytes]:
        """The body, with what the script has for it at the place that it names."""
        fault, passed = carried.fault, 0
        place = int(fault.at * carried.length) if fault else carried.length
        for chunk in chunks:
            if fault and passed <= place < passed + len(chunk):
                here = place - passed
                yield chunk[:here]
                yield self._strike(fault, carried, chunk[here:])
            else:
                yield chunk
            passed += len(chunk)

    def _strike(self, fault: Fault, carried: Carried, rest: bytes) -> bytes:
        if fault.kind == "drop":
            raise Dropped
        if fault.kind == "delay":
            self._ledger.stand(carried)
        if fault.kind == "corrupt":
            return bytes([rest[0] ^ (1 << fault.bit)]) + rest[1:]
        return rest

    def _answer(self, answer: HTTPResponse, fault: Fault | None) -> None:
        """Pass on the bucket's answer, or as much of it as the script lets pass."""
        # Without a length it came in chunks; then it is an error in a few words of XML.
        body = answer.read() if answer.length is None else b""
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        lines += [
            f"{name}: {value}" for name, value in answer.getheaders() if name.lower() not in OWN_HEADERS
        ]
        if answer.status != 204:
            lines.append(f"Content-Length: {answer.headers.get('Content-Length', len(body))}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        if fault and fault.kind == "truncate":
            self.wfile.write(head[: int(fault.at * len(head))])
            raise Dropped
        self.wfile.write(head + body)
        while chunk := answer.read(CHUNK):
            self.wfile.write(chunk)

    def _break(self) -> None:
        """End the connection as a network does that fails: by a reset, in the middle of anything."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
