"""A log opens nothing: addresses that do are shortened in it. (tests/e2e/test_main_job.py looks at a real one.)"""

import logging
from io import StringIO
from logging.config import DictConfigurator

import pytest

from sharing import logs


def test_the_line_of_a_request_is_short_and_tells_its_address_and_reason() -> None:
    line = logs.ConsoleLine()(
        None,
        "warning",
        {
            "event": "request_finished",
            "timestamp": "2026-11-30T12:00:00.123456Z",
            "code": 400,
            "request": f"GET /s/{'secret' * 50}/?{'query' * 50}",
            "network": "2001:db8:1234::/48",
            "user_id": 7,
            "reason": f"Not\x1b[31m a host\n: {'evil.example' * 20}",
        },
    )
    assert len(line) == logs.LINE_LENGTH
    assert line.startswith("2026-11-30T12:00:00Z 400 GET /s/…/?query")
    assert "… user=7 2001:db8:1234::/48 Not [31m a host : evil" in line
    assert line.isprintable()


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    "address",
    [
        "/setup/secret/",
        "/accounts/invitations/secret/",
        "/accounts/password/reset/key/1-secret/",
        "/accounts/confirm-email/secret/",
        "/s/secret/",
        "/s/secret/files/0/download/",
        "/s/quarterly-report-secret/",
        "/s/quarterly-report-secret/files/0/download/",
        "/S//secret/",
        "/r/secret/",
        "/r/quarterly-report-secret/uploads/0/",
        "/api/v1/requests/secret/uploads/",
        "/api/v1/requests/quarterly-report-secret/uploads/0/parts/",
    ],
)
def test_no_address_that_opens_something_is_logged(address: str, *, as_json: bool) -> None:
    config = logs.configuration(as_json=as_json, level="INFO")
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(DictConfigurator(config).configure_formatter(config["formatters"]["structlog"]))
    logger = logging.getLogger(f"any.{address}.{as_json}")
    logger.addHandler(handler)
    logger.warning("Gone: %s", address, extra={"request": f"<WSGIRequest: GET '{address}'>"})
    assert "Gone" in written.getvalue()
    assert "secret" not in written.getvalue()
