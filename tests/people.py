"""The people of every test: alice owns, bob is another user, carol is staff, and a visitor has no account."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from sharing.accounts.models import User

RunTasks = Callable[[], None]
PASSWORD = "correct horse battery staple"


def _person(name: str, **fields: Any) -> User:
    make = User.objects.create_superuser if fields.get("is_superuser") else User.objects.create_user
    return make(f"{name}@example.com", None, name=name.capitalize(), **fields)


@pytest.fixture
def alice(db: None) -> User:
    return _person("alice")


@pytest.fixture
def bob(db: None) -> User:
    return _person("bob")


@pytest.fixture
def carol(db: None) -> User:
    return _person("carol", is_superuser=True)


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice_client(alice: User) -> Client:
    return _signed_in(alice)


@pytest.fixture
def bob_client(bob: User) -> Client:
    return _signed_in(bob)


@pytest.fixture
def carol_client(carol: User) -> Client:
    return _signed_in(carol)


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def run_tasks(db: None) -> RunTasks:
    """Do now all that a worker would do after this test's changes were committed, deferred work included.

    The bucket is not vacuumed, which takes seconds and which no test of files is about.
    """

    def run() -> None:
        committed, connection.run_on_commit = connection.run_on_commit, []
        for entry in committed:
            entry[1]()
        vacuuming = "sharing.files.tasks.reclaim_space"
        for result in DBTaskResult.objects.filter(status="READY").exclude(task_path=vacuuming):
            result.task.call(*result.args_kwargs["args"], **result.args_kwargs["kwargs"])
            result.delete()

    return run
