"""Creating uploads: check what was announced, reserve the quota, save the plan. The bucket is not asked."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.accounts.errors import QuotaExceeded
from sharing.audit.record import record_all
from sharing.files.errors import FilesError, UploadDiffers, UploadUnknown
from sharing.files.models.base import UploadBase
from sharing.files.models.file import File
from sharing.files.models.senders import OwnerSender, Refusal, Sender
from sharing.files.models.upload_spec import UploadSpec
from sharing.files.names import parse_name, parse_type, storable
from sharing.storage.checksums import keeps_sha256

if TYPE_CHECKING:
    from sharing.accounts.models import User

# In bytes: a plain form may bring so much where twice as much is free.
PLAIN_SIZE = 1_000_000_000
# A plain form reserves more quota than it may need and lives an hour: nobody comes back to it after a day.
PLAIN_LIFE = timedelta(days=1)


class CreationManager[U: UploadBase](models.Manager[U]):
    def of(self, sender: Sender) -> models.QuerySet[U]:
        """Return the uploads that this sender may see, complete and cancel."""
        return self.filter(sender.uploads()).select_related("file__owner")

    def start(self, *, owner: "User", **spec: Any) -> U:
        """Create one upload into the owner's bucket; takes the fields of an UploadSpec.

        Raises InvalidName, InvalidPart, FileTooLarge, QuotaExceeded, UploadDiffers, UploadUnknown.
        """
        (outcome,) = self.start_all([UploadSpec(**spec)], sender=OwnerSender(owner))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def start_all(self, specs: Sequence[UploadSpec], *, sender: Sender) -> list[U | Refusal]:
        """Create an upload for each spec. Return each upload, or why it was refused, in the same order.

        A spec whose `id` names an upload of this sender returns that upload again. Takes some ten queries, however
        many specs there are; if not all of them fit into the quota, one or two more for each.
        """
        try:
            outcomes = self._start_all(specs, sender)
        except IntegrityError:
            # A racing request created one of them meanwhile: now it is found.
            outcomes = self._start_all(specs, sender)
        return [
            sender.explain(outcome) if isinstance(outcome, Exception) else outcome for outcome in outcomes
        ]

    def start_plain(self, *, name: str, sender: Sender) -> U:
        """Create the upload of a file that an HTML form without JavaScript brings.

        Its size is not known, so up to `sender.max_form_size` bytes may come. Twice as many are reserved until it has
        arrived: it is copied then, and its form could send it again. So it takes a quarter of what is free, or a
        gigabyte if half of what is free is as much.

        Raises InvalidName, QuotaExceeded, and what the sender refuses with.
        """
        owner = sender.owner
        owner.refresh_from_db(fields=["quota", "used_bytes"])
        free = owner.free_bytes
        limit = min(settings.MAX_FILE_SIZE, sender.max_form_size, max(free // 4, min(free // 2, PLAIN_SIZE)))
        name = storable(name)
        content_type = parse_type(guess_type(name)[0] or "")
        file = File(owner=owner, name=parse_name(name), content_type=content_type)
        upload = self._new(file, reserved=2 * limit, is_plain=True)
        for refusal in self._save_new(sender, [upload]).values():
            raise sender.explain(refusal)
        return upload

    def _start_all(self, specs: Sequence[UploadSpec], sender: Sender) -> list[U | Refusal]:
        with_sha256 = any(spec.with_sha256 for spec in specs) and keeps_sha256()
        parsed = [_parsed(spec) for spec in specs]
        existing = self._existing(specs, sender)
        arrived = self._arrived(parsed, sender)
        new: list[U] = []
        outcomes: list[U | Refusal] = []
        for spec in parsed:
            if isinstance(spec, FilesError):
                outcomes.append(spec)
                continue
            outcome = _found(spec, existing, arrived)
            if outcome is None:
                outcome = self._planned(sender.owner, spec, with_sha256=with_sha256)
                existing[outcome.pk] = outcome
                new.append(outcome)
            outcomes.append(outcome)
        refused = self._save_new(sender, new)
        return [
            outcome if isinstance(outcome, Exception) else refused.get(outcome.pk, outcome)
            for outcome in outcomes
        ]

    def _existing(self, specs: Sequence[UploadSpec], sender: Sender) -> dict[UUID, U | None]:
        """Return the uploads that these specs name by `id`; None for one that is another sender's."""
        named = [spec.id for spec in specs if spec.id]
        if not named:
            return {}
        taken = dict.fromkeys(self.filter(pk__in=named).values_list("pk", flat=True))
        return taken | {upload.pk: upload for upload in self.of(sender).filter(pk__in=taken)} if taken else {}

    def _arrived(self, parsed: Sequence[UploadSpec | FilesError], sender: Sender) -> dict[str, U]:
        """Return, by fingerprint, what was sent before and is still there. Takes one query at most."""
        asked = [spec.fingerprint for spec in parsed if isinstance(spec, UploadSpec) and spec.may_be_there]
        if not asked:
            return {}
        arrived = self.of(sender).filter(
            state=UploadBase.State.COMPLETE, file__deleted_at=None, fingerprint__in=asked
        )
        # A file that came in parts without digests cannot be compared, so it is sent again.
        arrived = arrived.exclude(part_size__gt=0, with_sha256=False)
        # Of several of one name, size and date the latest is most likely to be the same.
        by_fingerprint = {upload.fingerprint: upload for upload in arrived.order_by("created_at")}
        for upload in by_fingerprint.values():
            upload.is_repeated = True
        return by_fingerprint

    def _planned(self, owner: "User", spec: UploadSpec, *, with_sha256: bool) -> U:
        """Return the upload of this spec, unsaved."""
        file = File(
            owner=owner,
            name=spec.name,
            path=spec.path,
            content_type=spec.content_type,
            size=spec.size,
            modified_at=spec.modified_at,
        )
        is_pinned = spec.with_sha256 and with_sha256
        # A form that is not pinned to its bytes could overwrite the file; parts are dead once they are joined.
        plan = spec.plan if is_pinned else spec.plan.in_parts()
        return self._new(
            file,
            id=spec.id or uuid4(),
            reserved=spec.size,
            part_size=plan.part_size,
            with_sha256=is_pinned,
            sha256=spec.sha256,
            fingerprint=spec.fingerprint,
        )

    def _new(self, file: File, **fields: Any) -> U:
        file.charged = fields["reserved"]
        life = PLAIN_LIFE if fields.get("is_plain") else timedelta(days=settings.UPLOAD_EXPIRY_DAYS)
        return self.model(file=file, expires_at=timezone.now() + life, **fields)

    def _save_new(self, sender: Sender, uploads: list[U]) -> dict[UUID, Refusal]:
        """Reserve their bytes and save them. Return those that do not fit, or that the sender may not send."""
        if not uploads:
            return {}
        owner = sender.owner
        with transaction.atomic():
            refused: dict[UUID, Refusal] = {**_reserve(owner, uploads)}
            unaccepted = sender.accept([upload for upload in uploads if upload.pk not in refused])
            if unaccepted:
                owner.release(sum(upload.reserved for upload in uploads if upload.pk in unaccepted))
                refused |= unaccepted
            saved = [upload for upload in uploads if upload.pk not in refused]
            File.objects.bulk_create([upload.file for upload in saved])
            self.bulk_create(saved)
            started = ((upload.file, {"size": upload.reserved}) for upload in saved)
            record_all("upload.started", started, by=sender.actor)
            sender.record(saved)
        return refused


def _parsed(spec: UploadSpec) -> UploadSpec | FilesError:
    try:
        return spec.parsed()
    except FilesError as error:
        return error


def _found[U: UploadBase](
    spec: UploadSpec, existing: Mapping[UUID, U | None], arrived: Mapping[str, U]
) -> U | FilesError | None:
    """Return the upload that was created for this spec before, or that brought the same file; None for neither."""
    if spec.id is None or spec.id not in existing:
        return arrived.get(spec.fingerprint) if spec.may_be_there else None
    upload = existing[spec.id]
    if upload is None:
        return UploadUnknown(_("There is no such upload."))
    if upload.fingerprint != spec.fingerprint:
        return UploadDiffers(_("This id belongs to another file. Give each upload its own id."))
    upload.is_repeated = not upload._state.adding
    return upload


def _reserve(owner: "User", uploads: Sequence[UploadBase]) -> dict[UUID, QuotaExceeded]:
    """Reserve the bytes of all; if they do not fit, of each in turn that does. Return those that do not fit."""
    try:
        owner.reserve(sum(upload.reserved for upload in uploads))
    except QuotaExceeded:
        refused = {upload.pk: why for upload in uploads if (why := _reserve_one(owner, upload))}
    else:
        return {}
    held = File.objects.held_bytes(owner) if refused else 0
    return {
        pk: QuotaExceeded(size=why.size, free=why.free, held=held) if held else why
        for pk, why in refused.items()
    }


def _reserve_one(owner: "User", upload: UploadBase) -> QuotaExceeded | None:
    try:
        owner.reserve(upload.reserved)
    except QuotaExceeded as error:
        return error
    return None
