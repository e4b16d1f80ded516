"""A request is read as it arrives, in whatever pieces, and refused once it is too long or no HTTP."""

from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.http.incoming import MAX_BODY, MAX_HEAD, IncomingRequest, RequestRefused

POST = b"POST /notes/?q=1 HTTP/1.1\r\nHost: localhost\r\n"
IN_CHUNKS = POST + b"Transfer-Encoding: chunked\r\nTrailer: Expires\r\n\r\n"
# With an extension, and with a line behind the last chunk.
CHUNKS = b"7;a=b\r\nhello, \r\n5\r\nworld\r\n0\r\nExpires: never\r\n\r\n"
READ = POST + b"Content-Length: 12\r\n\r\nhello, world"


def read(*pieces: bytes) -> IncomingRequest:
    request = IncomingRequest()
    for piece in pieces:
        request.feed(piece)
    return request


def refusal_of(sent: bytes) -> HTTPStatus:
    with pytest.raises(RequestRefused) as refused:
        read(sent)
    return refused.value.status


@given(st.lists(st.integers(0, len(IN_CHUNKS + CHUNKS)), max_size=5).map(sorted))
def test_chunks_are_put_together_wherever_the_line_cuts_them(cuts: list[int]) -> None:
    sent = IN_CHUNKS + CHUNKS + b"GET /next"
    request = read(*(sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)))
    assert request.is_complete
    assert request.take() == READ
    assert bytes(request.rest) == b"GET /next"


def test_a_request_is_not_complete_before_its_last_byte() -> None:
    for sent in (READ, IN_CHUNKS + CHUNKS):
        request = read(sent[:-1])
        assert not request.is_complete
        request.feed(sent[-1:])
        assert request.is_complete


def test_its_path_is_known_once_its_head_has_come() -> None:
    request = IncomingRequest()
    assert (request.has_begun, request.path) == (False, "")
    request.feed(POST)
    assert (request.has_begun, request.path) == (True, "")
    request.feed(b"\r\n")
    assert request.path == "/notes/"


def test_what_it_holds_in_memory_is_told() -> None:
    assert read(IN_CHUNKS, b"7\r\nhello, \r\n").held == len(IN_CHUNKS) + 7
    assert read(READ).held == len(READ)


@pytest.mark.parametrize(
    "chunks",
    [b"no size\r\n", b"-1\r\n", b"123456789\r\n", b"\r\n", b"1\r\nab\r\n", b"1" * 256, b"0\r\n" + b"a" * 256],
)
def test_what_is_no_chunk_is_a_bad_request(chunks: bytes) -> None:
    assert refusal_of(IN_CHUNKS + chunks) == HTTPStatus.BAD_REQUEST


def test_too_long_is_refused_before_it_is_held() -> None:
    too_large = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert refusal_of(POST + b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1)) == too_large
    assert refusal_of(IN_CHUNKS + b"%x\r\n" % (MAX_BODY + 1)) == too_large
    first = b"%x\r\n" % MAX_BODY + b"a" * MAX_BODY + b"\r\n"
    assert refusal_of(IN_CHUNKS + first + b"1\r\n") == too_large
    # Few bytes of a body in chunks that are long for another reason.
    chunk = b"1;" + b"a" * 250 + b"\r\na\r\n"
    assert refusal_of(IN_CHUNKS + chunk * (4 * MAX_BODY // len(chunk) + 1)) == too_large
    assert refusal_of(b"a" * (MAX_HEAD + 1)) == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: 1\r\nContent-Length: 1\r\n",
        b"Content-Length: +1\r\n",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    ],
)
def test_no_other_follows_a_request_whose_length_is_contradictory(fields: bytes) -> None:
    assert read(POST + fields + b"\r\n").is_last
    assert not read(READ).is_last


def test_http_1_0_knows_no_chunks() -> None:
    assert read(IN_CHUNKS.replace(b"HTTP/1.1", b"HTTP/1.0")).is_last
