"""/livez and /readyz."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from sharing.pages.views import health

pytestmark = pytest.mark.django_db


def test_livez_answers(visitor: Client) -> None:
    assert visitor.get("/livez").status_code == 200


@pytest.mark.usefixtures("bucket")
def test_readyz_says_that_all_answer(visitor: Client) -> None:
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "cache": "ok", "bucket": "ok"})


def test_readyz_names_what_fails_and_not_why(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ConnectionError("postgres://user:secret@host")

    monkeypatch.setitem(health.CHECKS, "database", fail)
    monkeypatch.setitem(health.CHECKS, "bucket", lambda: None)
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "failing")
    assert b"secret" not in answer.content


def test_who_is_signed_in_is_not_looked_up_for_it(
    alice_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert alice_client.get("/livez").status_code == 200
