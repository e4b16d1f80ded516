"""A page's address is that of the request line, whatever a client's headers say of it."""

import pytest

from tests.http.conftest import Web
from tests.http.raw_client import read_answer, send


@pytest.mark.parametrize(
    "header", ["SCRIPT_NAME: /elsewhere", "SCRIPT_NAME: /liv", "Script_Name: /livez", "PATH_INFO: /readyz"]
)
def test_a_client_names_no_other_page_by_a_header(web: Web, header: str) -> None:
    """A proxy on the same machine may pass them on, and gunicorn takes them from there."""
    request = f"GET /livez HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n"
    answer = read_answer(send(web.port, request.encode()))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\nok\n")
