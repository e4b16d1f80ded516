"""The line of the upload bench: its rate is shared by all connections, and nothing on it is lost."""

import hashlib
import secrets
import socket
import threading

import pytest

from tests.bench.line import PIECE, Line, Queue
from tests.bench.proxy import proxied

RATE = 1_000_000.0


class Clocked:
    """A queue with a clock that stands wherever the queue has been told."""

    def __init__(self) -> None:
        self.queue = Queue(RATE)
        self.now = 0.0
        self.left: list[tuple[float, str]] = []

    def put(self, connection: str, size: int) -> None:
        self.queue.put(connection, size, lambda: self.left.append((round(self.now, 6), connection)), self.now)

    def serve_all(self) -> list[tuple[float, str]]:
        """Return when each piece has left, and whose it was."""
        due = self.queue.serve(self.now)
        while due is not None:
            self.now = due
            due = self.queue.serve(self.now)
        return self.left


@pytest.fixture
def queue() -> Clocked:
    return Clocked()


def test_pieces_leave_at_the_rate(queue: Clocked) -> None:
    for _ in range(3):
        queue.put("a", 100_000)
    assert queue.serve_all() == [(0.1, "a"), (0.2, "a"), (0.3, "a")]


def test_connections_take_turns_whoever_has_more_to_send(queue: Clocked) -> None:
    for _ in range(3):
        queue.put("a", 100_000)
    queue.put("b", 1_000)
    assert [name for _, name in queue.serve_all()] == ["a", "b", "a", "a"]


def test_the_rate_is_that_of_all_connections_together(queue: Clocked) -> None:
    for number in range(50):
        queue.put(f"connection {number % 5}", 20_000)
    assert queue.serve_all()[-1][0] == pytest.approx(1.0)


def test_a_line_that_was_idle_does_not_catch_up(queue: Clocked) -> None:
    queue.now = 5.0
    queue.put("a", 100_000)
    assert queue.serve_all() == [(5.1, "a")]


def test_a_late_timer_takes_nothing_from_the_rate(queue: Clocked) -> None:
    for _ in range(4):
        queue.put("a", 100_000)
    assert queue.queue.serve(0.35) == pytest.approx(0.4)


@pytest.mark.parametrize("line", [Line(0), Line(5), Line(5, rate=400)], ids=str)
def test_every_byte_arrives_in_order_both_ways(line: Line) -> None:
    content = secrets.token_bytes(20 * PIECE + 7)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        proxied(line, listener.getsockname()[1]) as [port],
    ):
        threading.Thread(target=send_back, args=(listener,), daemon=True).start()
        with socket.create_connection(("127.0.0.1", port)) as connection:
            threading.Thread(target=send, args=(connection, content), daemon=True).start()
            with connection.makefile("rb") as stream:
                assert hashlib.sha256(stream.read()).digest() == hashlib.sha256(content).digest()


def send(connection: socket.socket, content: bytes) -> None:
    connection.sendall(content)
    connection.shutdown(socket.SHUT_WR)


def send_back(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as stream:
        connection.sendall(stream.read())
