"""Slow connections cost a socket each, and no thread: the site answers whatever the number of them."""

import os
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from gunicorn.config import Config
from gunicorn.glogging import Logger

from sharing.http.connection import MAX_HELD, SLOW_AT_ONCE, Connection, Outlet, _slow_turns
from sharing.http.incoming import IncomingRequest
from sharing.http.waiting import is_marked, is_waiting_thread, waits_long
from sharing.http.worker import BufferingWorker
from tests.http.conftest import Web
from tests.http.raw_client import read_answer, send

UPLOAD = UUID(int=1)
# More than all threads of all workers.
MANY = 200
HEAD = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n"
LOG_IN = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
UNFINISHED = {
    "nothing": b"",
    "a request line": b"GET /livez",
    "a header": HEAD,
    "a body": LOG_IN + b"Content-Length: 1000\r\n\r\nlogin=",
    "a body in chunks": LOG_IN + b"Transfer-Encoding: chunked\r\n\r\n7\r\nlogin",
    "a size of a chunk": LOG_IN + b"Transfer-Encoding: chunked\r\n\r\n7",
    "a body that waits for leave": LOG_IN + b"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n",
}


@pytest.mark.parametrize("sent", UNFINISHED.values(), ids=UNFINISHED)
def test_the_site_answers_beside_200_unfinished_requests(web: Web, sent: bytes) -> None:
    slow = [send(web.port, sent) for _ in range(MANY)]
    try:
        assert web.answers()
        for connection in slow:  # a byte more from each, which is no progress
            connection.send(b"1")
        assert web.answers()
    finally:
        for connection in slow:
            connection.close()


def test_the_site_answers_beside_readers_that_take_nothing(web: Web) -> None:
    slow = []
    for _ in range(60):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect(("127.0.0.1", web.port))
        connection.sendall(b"GET /no/such/page HTTP/1.1\r\nHost: localhost\r\n\r\n" * 5)
        slow.append(connection)
    try:
        assert web.answers()
    finally:
        for connection in slow:
            connection.close()


def test_a_request_in_single_bytes_is_answered(web: Web) -> None:
    connection = send(web.port, b"")
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in HEAD + b"\r\n":
        connection.send(bytes([byte]))
    assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
    connection.close()


def test_requests_that_come_together_are_answered_in_turn(web: Web) -> None:
    connection = send(web.port, (HEAD + b"\r\n") * 2 + HEAD + b"Connection: close\r\n\r\n")
    answers = read_answer(connection)
    assert answers.count(b"HTTP/1.1 200 OK") == 3


def test_leave_to_send_a_body_is_given_once(web: Web) -> None:
    connection = send(
        web.port, LOG_IN + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n"
    )
    assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(b"login=a")
    assert connection.recv(100).startswith(b"HTTP/1.1 403 ")
    connection.close()


def test_headers_have_a_limit(web: Web) -> None:
    connection = send(web.port, HEAD + b"X-Long: " + b"a" * 40_000)
    assert connection.recv(100).startswith(b"HTTP/1.1 431 ")
    connection.close()


@pytest.fixture
def worker() -> Iterator[BufferingWorker]:
    """A worker whose loop this test turns."""
    config = Config()
    worker = BufferingWorker(0, os.getpid(), [], None, 30, config, Logger(config))
    worker.poller = selectors.DefaultSelector()
    yield worker
    worker.poller.close()
    worker.tmp.close()


def begin(worker: BufferingWorker, sent: bytes) -> tuple[Connection, socket.socket]:
    """A client of this worker who has sent something."""
    ours, theirs = socket.socketpair()
    worker.nr_conns += 1
    connection = Connection(ours, ("127.0.0.1", 1), ("127.0.0.1", 2))
    worker._read_on(connection)
    theirs.sendall(sent)
    if sent:
        worker._readable(connection, ours)
    theirs.settimeout(5)
    return connection, theirs


@pytest.mark.parametrize("sent", [sent for sent in UNFINISHED.values() if sent])
def test_a_request_that_does_not_arrive_in_time_is_told_so(worker: BufferingWorker, sent: bytes) -> None:
    connection, client = begin(worker, sent)
    given = connection.deadline
    client.send(b"1")
    worker._readable(connection, connection.peer)
    assert connection.deadline == given  # trickling bytes win no time
    connection.deadline = 0
    worker.murder_pending()
    answer = client.recv(4096).replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"Connection: close" in answer
    # The client says no more, and is forgotten.
    connection.deadline = 0
    worker._looked_at = 0
    worker.murder_pending()
    assert (worker.nr_conns, worker.waiting) == (0, {})
    client.close()


def test_who_never_says_a_word_is_forgotten_without_one(worker: BufferingWorker) -> None:
    connection, client = begin(worker, b"")
    connection.deadline = 0
    worker.murder_pending()
    assert client.recv(100) == b""
    assert worker.nr_conns == 0
    client.close()


def test_a_full_worker_makes_room_for_the_next(worker: BufferingWorker) -> None:
    worker.worker_connections = 3
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    clients = []
    for _ in range(5):
        clients.append(socket.create_connection(listener.getsockname()))
        worker.accept(listener)
    assert worker.nr_conns < 3
    for client in clients:
        client.close()
    worker.murder_keepalived(force=True)
    listener.close()


def test_many_long_bodies_that_never_end_do_not_fill_the_memory(
    worker: BufferingWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.http.worker.MAX_HELD_IN_ALL", 500_000)
    unfinished = LOG_IN + b"Content-Length: 1000000\r\n\r\n"
    clients = []
    for number in range(10):
        connection, client = begin(worker, unfinished)
        connection.deadline += number
        client.sendall(b"a" * 100_000)
        while connection in worker.waiting and connection.request.held < 100_000:
            worker._readable(connection, connection.peer)
        clients.append(client)
    assert sum(connection.held for connection in worker.waiting) <= 500_000
    assert worker.nr_conns == len(worker.waiting) == 4, "the oldest made room, and only they"
    assert clients[0].recv(1) == b""
    worker.murder_keepalived(force=True)
    assert (worker._held, worker._large) == (0, {})
    for client in clients:
        client.close()


def test_many_readers_that_take_nothing_do_not_fill_the_memory(
    worker: BufferingWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sharing.http.worker.MAX_HELD_IN_ALL", 500_000)
    clients = []
    for _ in range(10):
        connection, client = begin(worker, b"")
        worker._unwatch(connection)
        connection.sock.held += b"a" * 100_000
        answered: Future[bool] = Future()
        answered.set_result(True)
        worker.finish_request(connection, answered)
        clients.append(client)
    assert sum(connection.held for connection in worker.waiting) <= 500_000
    worker.murder_keepalived(force=True)
    assert (worker._held, worker._large) == (0, {})
    for client in clients:
        client.close()


def test_few_threads_wait_for_readers_of_very_long_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharing.http.connection.SEND_SECONDS", 3)
    too_long = bytes(MAX_HELD + 2**20)

    def reset() -> str:
        server, reader = socket.socketpair()
        server.setblocking(False)
        with server, reader, pytest.raises(ConnectionResetError) as reset:
            Outlet(server).sendall(too_long)
        return str(reset.value.strerror)

    waited, at_once = "The reader takes nothing any more.", "Too many readers of long answers are slow."
    with ThreadPoolExecutor(SLOW_AT_ONCE) as pool:
        waiting = [pool.submit(reset) for _ in range(SLOW_AT_ONCE)]
        while _slow_turns._value:
            time.sleep(0.01)
        assert reset() == at_once
        assert [one.result() for one in waiting] == [waited] * SLOW_AT_ONCE
    assert reset() == waited, "they have given back their turns"


def test_uploads_that_wait_for_the_bucket_take_no_thread_from_others(
    worker: BufferingWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, answered = threading.Event(), threading.Event()
    marks: dict[str, bool] = {}

    def handle(connection: Connection) -> bool:
        marks[connection.request.path] = is_waiting_thread()
        if connection.request.path == "/livez":
            answered.set()
        return released.wait(20)

    monkeypatch.setattr(worker, "handle", handle)
    worker.method_queue.init()
    worker.tpool = worker.get_thread_pool()
    path = reverse("api-1:complete", args=[UPLOAD])
    completion = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode()
    pairs = [begin(worker, completion) for _ in range(2 * worker.cfg.threads)]
    pairs.append(begin(worker, HEAD + b"\r\n"))
    try:
        assert answered.wait(20)
        assert marks == {path: True, "/livez": False}
    finally:
        released.set()
        worker.tpool.shutdown()
        worker.waiting_pool.shutdown()
        worker.method_queue.close()
        for connection, client in pairs:
            connection.close()
            client.close()


COMPLETIONS = [
    reverse("upload_completion", args=[UPLOAD]),
    reverse("request_upload_completion", args=["token", UPLOAD]),
    reverse("api-1:complete", args=[UPLOAD]),
    reverse("api-1:complete", args=[UPLOAD]) + "?q=1",
    reverse("api-1:complete", kwargs={"token": "token", "upload_id": UPLOAD}),
    reverse("api-1:complete_all"),
    reverse("api-1:complete_all", kwargs={"token": "token"}),
    reverse("api-1:verify_thumbnail", args=[UPLOAD]),
    reverse("api-1:verify_thumbnail", kwargs={"token": "token", "file_id": UPLOAD}),
    reverse("upload_completion", args=[UPLOAD]).replace("upload", "%75pload"),
]
OTHERS = [
    reverse("uploads"),
    reverse("api-1:start_all"),
    reverse("landing", args=["token"]) + f"#/uploads/{UPLOAD}/completion/",
    reverse("landing", args=["token"]) + f"?back=/uploads/{UPLOAD}/completion/",
    reverse("landing", args=["completion"]),
    reverse("account_login") + "#/completion/",
    "/no/such/uploads/1/completion/",
    "*",
]


def is_answered_in_a_waiting_thread(method: str, target: str) -> bool:
    request = IncomingRequest()
    request.feed(f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return waits_long(request.method, request.path)


@pytest.mark.parametrize("target", [*COMPLETIONS, *OTHERS])
def test_only_who_completes_an_upload_gets_a_thread_that_may_wait_long(target: str) -> None:
    """Whoever writes the address of another page so that it ends like one: those have limits of their own."""
    assert is_answered_in_a_waiting_thread("POST", target) == (target in COMPLETIONS)


def test_who_only_looks_gets_no_such_thread() -> None:
    assert not is_answered_in_a_waiting_thread("GET", COMPLETIONS[0])


def test_no_other_view_is_marked() -> None:
    marked = sorted(
        pattern.name or "" for pattern in patterns_below(get_resolver()) if is_marked(pattern.callback)
    )
    api = ["complete", "complete_all", "verify_thumbnail"]
    assert marked == sorted([*api, *api, "upload_completion", "request_upload_completion"])


def patterns_below(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns_below(pattern)
        else:
            yield pattern
