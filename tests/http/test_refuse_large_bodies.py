"""Nobody fills the server's disk: what is longer than a request of ours is refused before it is read."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from sharing.http.incoming import MAX_BODY
from sharing.wsgi import application
from tests.http.conftest import Web
from tests.http.raw_client import read_answer, send, send_without_end

LARGE = 200 * 1024 * 1024
PATHS = [
    *("/", "/s/AAAAAAAAAAAA/", "/r/AAAAAAAAAAAA/", "/accounts/login/", "/admin/login/", "/setup/x/"),
    *("/static/js/waybill.js", "/livez", "/no/such/page"),
    *("/api/v1/uploads/", "/api/v1/requests/AAAA/uploads/", "/api/v1/nothing"),
]
TYPES = [
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/json",
    "made/up",
    "",
]


def head(path: str, content_type: str, framing: str, method: str = "POST") -> bytes:
    kind = f"Content-Type: {content_type}\r\n" if content_type else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{kind}{framing}\r\n\r\n".encode()


def require_refusal(answer: bytes, path: str) -> None:
    lines, _, body = answer.partition(b"\r\n\r\n")
    assert lines.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in lines
    if path.startswith("/api/"):
        assert b"Content-Type: application/problem+json" in lines
        assert json.loads(body)["type"] == "/problems/body-too-large"
    else:
        assert b"Files are uploaded straight to storage" in body


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("content_type", TYPES)
def test_a_long_body_is_refused_before_a_byte_of_it_is_sent(web: Web, path: str, content_type: str) -> None:
    connection = send(web.port, head(path, content_type, f"Content-Length: {LARGE}"))
    require_refusal(read_answer(connection), path)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_so_it_is_with_every_method(web: Web, method: str) -> None:
    request = head("/api/v1/uploads/", "application/json", f"Content-Length: {LARGE}", method)
    require_refusal(read_answer(send(web.port, request)), "/api/v1/uploads/")


@pytest.mark.parametrize("path", PATHS)
def test_a_body_in_chunks_is_refused_once_it_is_too_long(web: Web, path: str) -> None:
    connection = send(web.port, head(path, "multipart/form-data; boundary=x", "Transfer-Encoding: chunked"))
    chunk = b"%x\r\n%s\r\n" % (65_536, bytes(65_536))
    # Bytes that the sockets of both sides hold are taken by nobody.
    assert send_without_end(connection, chunk, at_most=LARGE) < 20 * MAX_BODY
    require_refusal(read_answer(connection), path)


def test_tiny_chunks_do_not_go_on_for_ever(web: Web) -> None:
    connection = send(web.port, head("/accounts/login/", "", "Transfer-Encoding: chunked"))
    send_without_end(connection, (b"1;" + b"x" * 200 + b"\r\na\r\n") * 300, at_most=LARGE)
    require_refusal(read_answer(connection), "/accounts/login/")


def test_a_length_that_lies_is_believed_and_the_rest_is_no_request(web: Web) -> None:
    connection = send(
        web.port,
        head("/livez", "", "Content-Length: 2", "GET")
        + b"ab"
        + head("/livez", "", f"Content-Length: {LARGE}"),
    )
    answers = read_answer(connection)
    assert answers.startswith(b"HTTP/1.1 200 ")
    require_refusal(answers[answers.index(b"HTTP/1.1 413 ") :], "/livez")


def test_nothing_of_it_lay_in_the_temporary_folder(web: Web) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n'
    for length in (MAX_BODY, LARGE):
        request = head("/accounts/login/", TYPES[0], f"Content-Length: {length}") + part
        connection = send(web.port, request)
        send_without_end(connection, bytes(65_536), at_most=length - len(part))
        assert read_answer(connection).startswith(b"HTTP/1.1 4")
    assert list(web.temporary.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_a_small_file_in_a_form_is_refused_too(client: Client, path: str) -> None:
    answer = client.post(path, {"login": "ann@example.com", "file": SimpleUploadedFile("a.txt", b"hello")})
    assert answer.status_code == 413
    assert b"straight to storage" in answer.content


def test_a_form_of_plain_fields_may_come_in_parts(web: Web) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\nann@example.com\r\n--x--\r\n'
    request = head("/accounts/login/", TYPES[0], f"Connection: close\r\nContent-Length: {len(body)}") + body
    # The form has come with no CSRF cookie, so it was read.
    assert read_answer(send(web.port, request)).startswith(b"HTTP/1.1 403 ")


def test_a_body_in_chunks_that_is_short_reaches_the_app_with_its_length(web: Web) -> None:
    body = b"7\r\nlogin=a\r\n3;x=y\r\n&b=\r\n0\r\nTrailer: x\r\n\r\n"
    framing = "Connection: close\r\nTransfer-Encoding: chunked"
    request = head("/accounts/login/", "application/x-www-form-urlencoded", framing) + body
    assert read_answer(send(web.port, request)).startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Content-Length: 00000000000000000000005",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \vchunked",
        "Transfer-Encoding: chunked\f",
        "Content-Length: \v5",
    ],
)
def test_after_a_contradictory_length_nothing_is_taken_for_a_request(web: Web, framing: str) -> None:
    # Five bytes, which are also a whole body in chunks.
    body = b"0\r\n\r\n"
    smuggled = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = read_answer(send(web.port, head("/livez", "", framing) + body + smuggled))
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"User-agent" not in answer


def test_http_1_0_knows_no_chunks_so_nothing_follows_them(web: Web) -> None:
    keeping = head("/livez", "", "Connection: keep-alive\r\nTransfer-Encoding: chunked").replace(
        b"HTTP/1.1", b"HTTP/1.0"
    )
    smuggled = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = read_answer(send(web.port, keeping + b"0\r\n\r\n" + smuggled))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"User-agent" not in answer


def served_by_another(environ: dict[str, Any]) -> int:
    """The status that the app answers under a web server that passes everything on."""
    statuses: list[str] = []
    start: Callable[..., Any] = lambda status, headers, exc_info=None: statuses.append(status)  # noqa: E731
    for _ in application(RequestFactory().generic("POST", "/accounts/login/").environ | environ, start):
        pass
    return int(statuses[0].split()[0])


class Untouchable(io.RawIOBase):
    """A body that must not be read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("it was read")


@pytest.mark.django_db
def test_under_another_web_server_the_app_refuses_before_it_reads() -> None:
    body = {"wsgi.input": Untouchable(), "CONTENT_TYPE": TYPES[0]}
    assert served_by_another({**body, "CONTENT_LENGTH": str(LARGE)}) == 413
    assert served_by_another({**body, "CONTENT_LENGTH": "9" * 30}) == 413
    assert served_by_another({**body, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}) == 411


def test_the_refusal_is_a_page_of_ours(client: Client) -> None:
    answer = client.post("/accounts/login/", data="x" * (MAX_BODY + 1), content_type="text/plain")
    assert answer.status_code == 413
    assert b"straight to storage" in answer.content
    assert b'class="slip' in answer.content
