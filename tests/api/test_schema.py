"""The API keeps to its own schema: whatever is sent, it never fails, and every refusal is a problem."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as searching
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from sharing.accounts.models import User
from sharing.api.api import api
from tests.factories import started_upload

TOKEN = "c" * 32
LARGE = 20_000_000
ANSWERS = [content_type_conformance, response_schema_conformance, status_code_conformance]


django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Django, as a server calls it: a request comes from somewhere."""
    return django({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)


schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema(path_prefix="/api/v1/")))
schema.app = application
# One by one, since pytest gives all that `schema.parametrize()` makes one name, and xdist runs a name once.
OPERATIONS = {each.ok().label: each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """A WSGI application closes the database after each request; here that would end the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", OPERATIONS)
@pytest.mark.usefixtures("bucket")
def test_whatever_is_sent_the_answer_is_as_declared(
    label: str, mode: GenerationMode, alice: User, alice_client: Client
) -> None:
    @given(OPERATIONS[label].as_strategy(generation_mode=mode))
    @searching(max_examples=5, suppress_health_check=list(HealthCheck))
    def search(case: Any) -> None:
        # Other tests see that a session opens the API: here each request has one.
        check(case, alice_client, excluded_checks=[ignored_auth])
        if "upload_id" in case.path_parameters:
            case.path_parameters["upload_id"] = str(started_upload(alice, LARGE).pk)
            check(case, alice_client, checks=ANSWERS)

    search()


def check(case: Any, client: Client, **options: Any) -> None:
    """Send it as alice's browser would, and hold the answer against the schema."""
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    case.cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN}
    answer = case.call(headers={"X-CSRFToken": TOKEN, "Accept-Encoding": "identity"})
    case.validate_response(answer, **options)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == ["application/problem+json"]
        assert {"type", "title", "status", "detail"} <= answer.json().keys()
