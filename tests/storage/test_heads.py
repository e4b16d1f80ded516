"""HEAD requests over connections that are kept: to servers that keep them, close them, or do not answer."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest

from sharing.storage.heads import Heads

LONG = 20.0
FOUND = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
LAST = b"HTTP/1.1 200 OK\r\nConnection: Close\r\n\r\n"
OLD = b"HTTP/1.0 200 OK\r\n\r\n"
WITH_BODY = FOUND + b"hello"
CUT_OFF = b"HTTP/1.1 200 OK\r\nContent-Le"
OTHER = b"SSH-2.0-OpenSSH_9.2\r\n\r\n"


@dataclass
class Server:
    """Gives one answer to each request. `connections` has the number of the connection that each one came by."""

    answers: list[bytes]
    connections: list[int] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    url: str = ""
    is_over: Event = field(default_factory=Event)

    def serve(self, listener: socket.socket) -> None:
        number = 0
        while self.answers:
            peer, _ = listener.accept()
            number += 1
            with peer:
                self.answer(peer, number)

    def answer(self, peer: socket.socket, number: int) -> None:
        while self.answers and (request := peer.recv(64 * 1024)):
            self.connections.append(number)
            self.requests.append(request)
            peer.sendall(answer := self.answers.pop(0))
            if answer == CUT_OFF:
                self.is_over.wait(LONG)
            if answer in {LAST, OLD}:
                return


@contextmanager
def server(*answers: bytes) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        it = Server([*answers], url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread = Thread(target=it.serve, args=[listener], daemon=True)
        thread.start()
        try:
            yield it
        finally:
            it.is_over.set()


def ask(heads: Heads, times: int) -> list[int]:
    return [heads.status("/bucket/key?signed", seconds=LONG) for _ in range(times)]


def test_one_connection_serves_one_request_after_another() -> None:
    with server(FOUND, MISSING, FOUND) as it:
        assert ask(Heads(it.url, kept=1), 3) == [200, 404, 200]
        assert it.connections == [1, 1, 1]
        host = it.url.removeprefix("http://").encode()
        assert it.requests[0] == b"HEAD /bucket/key?signed HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"


@pytest.mark.parametrize("answer", [LAST, OLD, WITH_BODY], ids=["last", "HTTP/1.0", "with a body"])
def test_a_connection_that_is_not_kept_is_replaced(answer: bytes) -> None:
    with server(answer, FOUND) as it:
        assert ask(Heads(it.url, kept=1), 2) == [200, 200]
        assert it.connections == [1, 2]


def test_a_connection_that_the_server_has_closed_is_replaced() -> None:
    with server(FOUND, FOUND) as it:
        heads = Heads(it.url, kept=1)
        ask(heads, 1)
        [connection] = heads._idle
        connection._http.sock.shutdown(socket.SHUT_RDWR)
        assert heads.status_if_open("/", seconds=LONG) is None
        assert ask(heads, 1) == [200]
        assert it.connections == [1, 2]


def test_no_more_connections_are_kept_than_wanted() -> None:
    with server(FOUND, FOUND) as it:
        assert ask(Heads(it.url, kept=0), 2) == [200, 200]
        assert it.connections == [1, 2]


def test_without_an_open_connection_none_is_opened() -> None:
    assert Heads("http://127.0.0.1:1", kept=1).status_if_open("/", seconds=LONG) is None


@pytest.mark.parametrize("is_open", [True, False])
def test_an_answer_that_does_not_end_is_not_waited_for(is_open: bool) -> None:
    with server(*[FOUND] * is_open, CUT_OFF) as it:
        heads = Heads(it.url, kept=1)
        ask(heads, int(is_open))
        with pytest.raises(TimeoutError):
            heads.status("/", seconds=0.05)
        assert not heads._idle


def test_what_is_no_answer_is_an_error() -> None:
    with server(OTHER) as it, pytest.raises(ConnectionError):
        Heads(it.url, kept=1).status("/", seconds=LONG)


def test_where_nobody_listens_is_an_error() -> None:
    with pytest.raises(ConnectionError):
        Heads("http://127.0.0.1:1", kept=1).status("/", seconds=LONG)
