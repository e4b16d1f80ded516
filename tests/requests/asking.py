"""Makes requests, and guests who answer them."""

from typing import Any

from django.test import Client

from sharing.accounts.models import User
from sharing.requests.models import FileRequest

SIZE = 20_000_000


def request_of(owner: User, **fields: Any) -> FileRequest:
    made: FileRequest = FileRequest.objects.make(owner=owner, **{"title": "Scans", **fields})
    return made


def guest_at(asked: FileRequest, name: str = "Ann", **said: str) -> Client:
    """The browser of somebody who has said who they are."""
    client = Client()
    assert client.post(asked.path, {"name": name, **said}).status_code == 302
    return client


def start(client: Client, asked: FileRequest, name: str = "scan.pdf", **fields: Any) -> Any:
    body = {"name": name, "size": SIZE, **fields}
    return client.post(f"{asked.api_path}/uploads/", body, content_type="application/json")
