"""A raw HTTP client: sends requests that no library would."""

import contextlib
import socket
import time


def send(port: int, request: bytes) -> socket.socket:
    """A connection on which these bytes were sent."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    with contextlib.suppress(OSError):  # it was answered, and closed, in the middle
        connection.sendall(request)
    return connection


def read_answer(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    answer = b""
    with connection, contextlib.suppress(ConnectionResetError):
        while data := connection.recv(65536):
            answer += data
    return answer


def send_without_end(connection: socket.socket, piece: bytes, *, at_most: int) -> int:
    """Send a piece again and again until the server answers, or `at_most` bytes were taken; how many it took."""
    sent = 0
    left = b""
    connection.setblocking(False)
    deadline = time.monotonic() + 20
    while sent < at_most and time.monotonic() < deadline:
        with contextlib.suppress(BlockingIOError):
            if connection.recv(1, socket.MSG_PEEK):
                break
        try:
            left = left or piece
            taken = connection.send(left)
            sent, left = sent + taken, left[taken:]
        except BlockingIOError:
            time.sleep(0.01)
        except OSError:
            break
    connection.setblocking(True)
    connection.settimeout(10)
    return sent
