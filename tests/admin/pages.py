"""Pages and actions of the admin."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

TABLES = (
    "accounts_user",
    "accounts_invitation",
    "files_file",
    "files_upload",
    "links_link",
    "links_download",
    "links_recipient",
    "requests_filerequest",
    "requests_guest",
    "audit_event",
)


def list_of(table: str) -> str:
    return reverse(f"admin:{table}_changelist")


def page_of(row: Model, view: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{view}", args=[row.pk])


def act(client: Client, table: str, action: str, *rows: Model, **more: str) -> "_MonkeyPatchedWSGIResponse":
    """Choose an action for these rows of a list, as the form does, and follow to the message."""
    chosen = {"action": action, ACTION_CHECKBOX_NAME: [str(row.pk) for row in rows], **more}
    return client.post(list_of(table), chosen, follow=True)


def queries(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)
