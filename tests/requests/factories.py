"""Factories: file requests, their guests, and files that guests have sent."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from sharing.accounts.models import User
from sharing.files.models import File, Upload, UploadSpec
from sharing.requests.models import FileRequest, Guest

SIZE = 20_000_000


def request_of(owner: User, **fields: Any) -> FileRequest:
    made: FileRequest = FileRequest.objects.make(owner=owner, **{"title": "Scans", **fields})
    return made


def guest_at(file_request: FileRequest, name: str = "Ann", **said: str) -> Client:
    """The browser of somebody who has said who they are."""
    client = Client()
    assert client.post(file_request.path, {"name": name, **said}).status_code == 302
    return client


def start(client: Client, file_request: FileRequest, name: str = "scan.pdf", **fields: Any) -> Any:
    body = {"name": name, "size": SIZE, **fields}
    return client.post(f"{file_request.api_path}/uploads/", body, content_type="application/json")


def known_guest(file_request: FileRequest, name: str = "Ann", **fields: Any) -> Guest:
    """A guest without a browser, for what is not about pages."""
    return Guest.objects.create(request=file_request, browser=uuid4(), name=name, **fields)


def arrived(guest: Guest, name: str = "scan.pdf", size: int = 5) -> File:
    """A file that this guest has sent, of which the bucket knows nothing."""
    [file] = all_arrived(guest, UploadSpec(name=name, size=size))
    return file


def all_arrived(guest: Guest, *specs: UploadSpec) -> list[File]:
    """Several such files, in their order; takes as many queries as one."""
    uploads = [
        upload for upload in Upload.objects.start_all(specs, sender=guest) if isinstance(upload, Upload)
    ]
    assert len(uploads) == len(specs)
    sent = Upload.objects.filter(pk__in=[upload.pk for upload in uploads])
    now = timezone.now()
    sent.update(state=Upload.State.COMPLETE, finished_at=now)
    File.objects.filter(upload__in=sent).update(ready_at=now)
    files = File.objects.in_bulk([upload.file_id for upload in uploads])
    return [files[upload.file_id] for upload in uploads]
