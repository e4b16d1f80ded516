"""gunicorn worker whose threads get whole requests only and never wait for a slow client.

One loop reads from all clients and writes to them. A request that has arrived goes to a thread; one that does not
arrive in time, or is too long, is answered by the loop. So what a slow client costs is a socket, and not a thread, and
no request lies on a disk.
"""

import errno
import resource
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import ThreadWorker

from sharing.http.connection import BODY_SECONDS, HEAD_SECONDS, IDLE_SECONDS, SEND_SECONDS, Connection
from sharing.http.incoming import IncomingRequest, RequestRefused
from sharing.http.refusals import unread
from sharing.http.waiting import WAITING_THREADS, mark_thread, waits_long

READ_BYTES = 64 * 1024
# Bytes of requests and answers that wait in a process, of all clients together: many that are slow must not fill it.
MAX_HELD_IN_ALL = 64 * 1024 * 1024
# How long what a refused client still sends is read and dropped: it would not see the answer otherwise.
LINGER_SECONDS = 2.0
# A client may be about to use a connection that it was told it may keep.
STOP_SECONDS = 0.5
# Descriptors that are needed for other things than clients: databases, the bucket, files.
SPARE_DESCRIPTORS = 200


class BufferingWorker(ThreadWorker):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker_connections: int = min(self.cfg.worker_connections, _descriptors() - SPARE_DESCRIPTORS)
        # Those that no thread answers just now.
        self.waiting: dict[Connection, None] = {}
        # Those of them that hold more than one read brings: bytes of each, and of all.
        self._large: dict[Connection, int] = {}
        self._held = 0
        self._looked_at = 0.0

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Make the threads, and those for what waits long. Called after the fork, which no thread would survive."""
        self.waiting_pool = ThreadPoolExecutor(WAITING_THREADS, "waiting", initializer=mark_thread)
        return ThreadPoolExecutor(self.cfg.threads)

    def enqueue_req(self, connection: Connection) -> None:
        """Hand a request that has arrived to a thread."""
        request = connection.request
        pool = self.waiting_pool if waits_long(request.method, request.path) else self.tpool
        answered = pool.submit(self.handle, connection)
        answered.add_done_callback(partial(self.method_queue.defer, self.finish_request, connection))

    def accept(self, listener: socket.socket) -> None:
        try:
            peer, client = listener.accept()
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                self._make_room()
            elif error.errno not in {errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED}:
                raise
            return
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        connection = Connection(peer, client, listener.getsockname())
        self._read_on(connection)
        self._readable(connection, peer)

    def handle(self, connection: Connection) -> bool:
        """Answer a request, in a thread. Return True if the connection may be used again."""
        is_kept = super().handle(connection)
        try:
            connection.sock.flush()
        except OSError:
            connection.sock.held.clear()
            return False
        # Bytes that gunicorn did not take for a part of this request must not become the beginning of another.
        return is_kept and not connection.request.is_last and not connection.parser.unreader.buf.getvalue()

    def finish_request(self, connection: Connection, answered: "Future[bool]") -> None:
        connection.is_kept = not answered.cancelled() and not answered.exception() and answered.result()
        if connection.sock.held:
            connection.wait_at_most(SEND_SECONDS)
            self._watch(connection, selectors.EVENT_WRITE, self._writable)
            self._limit_memory(connection)
        else:
            self._answered(connection)

    # Called by gunicorn's loop
    def murder_pending(self) -> None:
        """Close the connections that are over their time. Looks a few times a second."""
        now = time.monotonic()
        if now - self._looked_at < STOP_SECONDS / 2:
            return
        self._looked_at = now
        for connection in [waiting for waiting in self.waiting if waiting.deadline <= now]:
            if connection.request.has_begun and not connection.sock.held and self.alive:
                self._refuse(connection, HTTPStatus.REQUEST_TIMEOUT)
            else:
                self._drop(connection)

    def murder_keepalived(self, force: bool = False) -> None:
        for connection in list(self.waiting) if force else []:
            self._drop(connection)

    def _cap_keepalive(self, deadline: float) -> None:
        """On stopping: give idle connections a moment, and those that send the time they have."""
        for connection in self.waiting:
            if not connection.sock.held:
                connection.deadline = min(connection.deadline, time.monotonic() + STOP_SECONDS)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(timeout if self.alive else min(timeout, STOP_SECONDS / 2))

    # The ways of a connection
    def _read_on(self, connection: Connection) -> None:
        """Wait for a request."""
        connection.wait_at_most(IDLE_SECONDS if self.alive else STOP_SECONDS)
        self._watch(connection, selectors.EVENT_READ, self._readable)

    def _readable(self, connection: Connection, peer: socket.socket) -> None:
        try:
            data = peer.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._feed(connection, data)
        else:
            self._drop(connection)

    def _feed(self, connection: Connection, data: bytes) -> None:
        request = connection.request
        had_begun, had_head = request.has_begun, bool(request.head)
        try:
            request.feed(data)
        except RequestRefused as refused:
            self._refuse(connection, refused.status)
            return
        if request.is_complete:
            self._unwatch(connection)
            connection.parser = http.get_parser(self.cfg, iter([request.take()]), connection.client)
            self.enqueue_req(connection)
        elif request.head and not had_head:
            connection.wait_at_most(BODY_SECONDS)
            if request.awaits_continue:
                self._send(connection, b"HTTP/1.1 100 Continue\r\n\r\n")
        elif not had_begun:
            connection.wait_at_most(HEAD_SECONDS)
        if connection in self.waiting:
            self._limit_memory(connection)

    def _writable(self, connection: Connection, peer: socket.socket) -> None:
        try:
            connection.sock.flush()
        except OSError:
            self._drop(connection)
            return
        if connection.sock.held:
            self._note_held(connection, connection.held)
        else:
            self._unwatch(connection)
            self._answered(connection)

    def _answered(self, connection: Connection) -> None:
        if not connection.is_kept:
            self._linger(connection)
            return
        rest = bytes(connection.request.rest)
        connection.request = IncomingRequest()
        self._read_on(connection)
        if rest:
            self._feed(connection, rest)

    def _refuse(self, connection: Connection, status: HTTPStatus) -> None:
        self._unwatch(connection)
        self.log.debug("Refused a request: %s", status.phrase)
        self._send(connection, unread(status).on_the_wire(connection.request.path))
        self._linger(connection)

    def _linger(self, connection: Connection) -> None:
        """Close it once the client has seen the answer (RFC 9112, section 9.6)."""
        try:
            connection.peer.shutdown(socket.SHUT_WR)
        except OSError:
            self._end(connection)
            return
        connection.request = IncomingRequest()
        connection.wait_at_most(LINGER_SECONDS if self.alive else STOP_SECONDS)
        self._watch(connection, selectors.EVENT_READ, self._ignore)

    def _ignore(self, connection: Connection, peer: socket.socket) -> None:
        try:
            if peer.recv(READ_BYTES):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._drop(connection)

    def _send(self, connection: Connection, answer: bytes) -> None:
        """A few bytes, which fit into any socket that nothing was sent to."""
        try:
            connection.peer.send(answer)
        except OSError:
            self.log.debug("A client did not wait for its answer.")

    def _make_room(self) -> None:
        """Close the connection that would end next, to make room for a new one."""
        if self.waiting:
            self._drop(min(self.waiting, key=lambda waiting: waiting.deadline))

    def _limit_memory(self, grown: Connection) -> None:
        """Close the connection that would end next of those that hold much, if all hold too much together."""
        self._note_held(grown, grown.held)
        if self._held > MAX_HELD_IN_ALL:
            self._drop(min(self._large, key=lambda large: large.deadline))

    def _note_held(self, connection: Connection, held: int) -> None:
        """Keep the sum of the memory that connections hold, without the small ones."""
        self._held -= self._large.pop(connection, 0)
        if held > READ_BYTES:
            self._large[connection] = held
            self._held += held

    def _watch(
        self, connection: Connection, event: int, then: Callable[[Connection, socket.socket], None]
    ) -> None:
        self.waiting[connection] = None
        self.poller.register(connection.peer, event, partial(then, connection))

    def _unwatch(self, connection: Connection) -> None:
        del self.waiting[connection]
        self._note_held(connection, 0)
        self.poller.unregister(connection.peer)

    def _drop(self, connection: Connection) -> None:
        self._unwatch(connection)
        self._end(connection)

    def _end(self, connection: Connection) -> None:
        self.nr_conns -= 1
        connection.close()


def _descriptors() -> int:
    """Raise the limit of open files as far as allowed (8,192 at most), and return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if hard == resource.RLIM_INFINITY else min(hard, 8192)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return 8192 if soft == resource.RLIM_INFINITY else soft
