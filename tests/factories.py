"""Factories: users' files, uploads and links."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from sharing.accounts.models import User
from sharing.files import tasks
from sharing.files.models import File, OrphanedObject, OwnerSender, Upload
from sharing.links.models import Link
from sharing.links.rules import Rules
from sharing.storage.bucket import get_bucket
from sharing.storage.presigning import PresignedPost
from tests.bucket_client import put_part, send_form, sha256


def sent_file(
    owner: User,
    body: bytes = b"hello",
    *,
    name: str = "hello.txt",
    path: str = "",
    content_type: str = "text/plain",
) -> File:
    """A ready file whose bytes travelled into the real bucket by a presigned form."""
    upload = Upload.objects.start(
        owner=owner,
        name=name,
        path=path,
        size=len(body),
        content_type=content_type,
        with_sha256=True,
        sha256=sha256(body),
    )
    assert send_form(upload.presign_form(), body).status == 201
    upload.complete()
    return upload.file


def picture(owner: User, *, thumbnail: bytes = b"") -> File:
    """A file that claims to be a picture, and its thumbnail in the bucket where there are bytes of one."""
    file = sent_file(owner, name="beach.png", content_type="image/png")
    if thumbnail:
        send_thumbnail(file, thumbnail)
        file.verify_thumbnail(by=owner)
    return file


def send_thumbnail(file: File, body: bytes) -> PresignedPost:
    """Its form, by which these bytes have travelled."""
    form = file.presign_thumbnail_form(size=len(body), sha256=sha256(body))
    assert send_form(form, body).status == 201
    return form


def recorded_file(owner: User, *, name: str = "hello.txt", size: int = 5, **fields: Any) -> File:
    """A ready file of which the bucket knows nothing: for what never asks the bucket."""
    now = timezone.now()
    file = File.objects.create(
        owner=owner,
        name=name,
        size=size,
        content_type="text/plain",
        ready_at=now,
        check_made=File.Check.SHA256,
        charged=size,
        **fields,
    )
    Upload.objects.create(
        file=file, state=Upload.State.COMPLETE, reserved=size, expires_at=now, finished_at=now
    )
    User.objects.filter(pk=owner.pk).update(used_bytes=owner.used_bytes + size)
    owner.refresh_from_db()
    return file


def kept_file(owner: User, *, name: str = "hello.txt", size: int = 5, **fields: Any) -> File:
    """The same with an object in the bucket: for what asks whether it is there, or has it copied."""
    file = recorded_file(owner, name=name, size=size, **fields)
    body = bytes(min(size, 1_000_000))
    get_bucket().put(file.object_key, body, sha256=sha256(body))
    return file


def announced(owner: User, body: bytes = b"hello", *, name: str = "hello.txt", **said: Any) -> Upload:
    """A small upload that travels by a form pinned to these bytes, of which nothing has been sent."""
    return Upload.objects.start(
        owner=owner, name=name, size=len(body), with_sha256=True, sha256=sha256(body), **said
    )


def plain_upload(owner: User, body: bytes, *, name: str = "hello.txt") -> Upload:
    """An upload by a form without JavaScript, whose bytes are in the bucket."""
    upload = Upload.objects.start_plain(name=name, sender=OwnerSender(owner))
    assert send_form(upload.presign_form(), body).status in {200, 201, 303}
    return upload


def let_forms_expire() -> None:
    """Two hours pass for all that has ended, and the job of every minute runs. The bucket's clock cannot be moved."""
    ago = timezone.now() - timedelta(hours=2)
    Upload.objects.exclude(finished_at=None).update(finished_at=ago)
    File.objects.exclude(discarded_at=None).update(deleted_at=ago)
    OrphanedObject.objects.update(sendable_until=ago)
    tasks.release_purged_quota.call()


def started_upload(owner: User, size: int, *, name: str = "film.mov", with_sha256: bool = True) -> Upload:
    """An upload in parts, of which nothing has been sent."""
    return Upload.objects.start(owner=owner, name=name, size=size, with_sha256=with_sha256)


def send_parts(upload: Upload, body: bytes, *, only: set[int] | None = None) -> None:
    """Sign and send the parts of `body`."""
    plan = upload.plan
    pieces = {
        number: body[(number - 1) * plan.part_size : number * plan.part_size]
        for number in range(1, plan.part_count + 1)
        if only is None or number in only
    }
    digests = {number: sha256(piece) if upload.with_sha256 else "" for number, piece in pieces.items()}
    for part in upload.presign_parts(digests):
        assert put_part(part, pieces[part.number]).status == 200


def link_to(
    *files: File,
    expires_in: timedelta | None = timedelta(days=7),
    download_limit: int | None = None,
    password: str = "",
    **fields: Any,
) -> Link:
    """A link to files of one owner."""
    rules = Rules(
        expires_at=None if expires_in is None else timezone.now() + expires_in,
        download_limit=download_limit,
        password=password,
    )
    return Link.objects.make(owner=files[0].owner, files=files, rules=rules, **fields)
