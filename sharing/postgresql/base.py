"""Django's backend for PostgreSQL, with connections that do not wait for an unresponsive server."""

from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from sharing.postgresql.connection import PatientConnection


class DatabaseWrapper(base.DatabaseWrapper):
    # psycopg, except that it connects by a class of ours: Django has no setting for that.
    Database: Any = SimpleNamespace(**{**vars(psycopg), "connect": PatientConnection.connect})
