"""Starting uploads: reserve the quota and keep the plan. The bucket is not asked."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from sharing.accounts.errors import QuotaExceeded
from sharing.audit.record import record_all
from sharing.files.errors import FilesError, UploadDiffers, UploadUnknown
from sharing.files.models.file import File
from sharing.files.models.upload_spec import UploadSpec
from sharing.files.names import parse_name, parse_type, storable
from sharing.storage.checksums import keeps_sha256

if TYPE_CHECKING:
    from sharing.accounts.models import User
    from sharing.files.models.upload import Upload

# S3 takes at most 5 GiB in one POST or PUT.
MAX_FORM_SIZE = 5 * 1024**3
# What a plain form may bring where there is room for it twice.
PLAIN_SIZE = 1_000_000_000
# It holds more quota than it may need, and a form lives an hour: nobody comes back to it after a day.
PLAIN_LIFE = timedelta(days=1)


class Door(Protocol):
    """Who else has a say in what starts, such as a request for files. It is asked within the transaction."""

    @property
    def label(self) -> str:
        """Who sends, for the record."""

    def uploads(self) -> "models.QuerySet[Upload]":
        """What the same sender has sent through it."""

    def admit(self, uploads: "Sequence[Upload]") -> "Mapping[UUID, FilesError]":
        """Which of these may not start, and why."""

    def note(self, uploads: "Sequence[Upload]") -> None:
        """These are saved."""


class UploadManager(models.Manager["Upload"]):
    def owned_by(self, user: "User") -> models.QuerySet["Upload"]:
        return self.filter(file__owner=user).select_related("file__owner")

    def start(self, *, owner: "User", **announced: Any) -> "Upload":
        """Start one upload; takes what an UploadSpec takes.

        Raises InvalidName, InvalidPart, FileTooLarge, QuotaExceeded, UploadDiffers, UploadUnknown.
        """
        (outcome,) = self.start_all(owner=owner, specs=[UploadSpec(**announced)])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def start_all(
        self, *, owner: "User", specs: Sequence[UploadSpec], door: Door | None = None
    ) -> "list[Upload | FilesError | QuotaExceeded]":
        """What became of each, in their order: one that cannot start does not keep the others from it.

        An upload that its spec's `id` names already is given once more. Takes some ten queries, however many
        there are; where not all fit into the quota, one or two more for each.
        """
        try:
            return self._start_all(owner, specs, door)
        except IntegrityError:
            # A racing request began one of them meanwhile: now it is found.
            return self._start_all(owner, specs, door)

    def start_plain(
        self, *, owner: "User", name: str, most: int = MAX_FORM_SIZE, door: Door | None = None
    ) -> "Upload":
        """Announce a file that an HTML form without JavaScript brings.

        Its size is not known, so up to `most` bytes may come. Twice as many are held until it has arrived: it is copied
        then, and its form could send it again. So it takes a quarter of what is free; a gigabyte where half is as much.

        Raises InvalidName, QuotaExceeded, and what the door refuses with.
        """
        owner.refresh_from_db(fields=["quota", "used_bytes"])
        free = owner.free_bytes
        limit = min(settings.MAX_FILE_SIZE, most, max(free // 4, min(free // 2, PLAIN_SIZE)))
        name = storable(name)
        content_type = parse_type(guess_type(name)[0] or "")
        file = File(owner=owner, name=parse_name(name), content_type=content_type)
        upload = self._new(file, reserved=2 * limit, is_plain=True)
        for refusal in self._keep(owner, [upload], door).values():
            raise refusal
        return upload

    def complete_all(self, uploads: "Sequence[Upload]") -> "list[Upload | Exception]":
        """What became of each, in their order. Safe to repeat."""
        from sharing.files.models.completion import complete_all

        return complete_all(uploads)

    def _start_all(
        self, owner: "User", specs: Sequence[UploadSpec], door: Door | None
    ) -> "list[Upload | FilesError | QuotaExceeded]":
        named = [spec.id for spec in specs if spec.id]
        known = {upload.pk: upload for upload in self.filter(pk__in=named).select_related("file__owner")}
        with_sha256 = any(spec.with_sha256 for spec in specs) and keeps_sha256()
        claims = [_parsed(spec) for spec in specs]
        there = self._there(claims, door.uploads() if door else self.owned_by(owner))
        new: list[Upload] = []
        outcomes: list[Upload | FilesError | QuotaExceeded] = []
        for claim in claims:
            if isinstance(claim, FilesError):
                outcomes.append(claim)
                continue
            outcome = self._earlier(claim, owner, known, there)
            if outcome is None:
                outcome = self._announced(owner, claim, with_sha256=with_sha256)
                known[outcome.pk] = outcome
                new.append(outcome)
            outcomes.append(outcome)
        refused = self._keep(owner, new, door)
        return [
            outcome if isinstance(outcome, Exception) else refused.get(outcome.pk, outcome)
            for outcome in outcomes
        ]

    def _earlier(
        self, claim: UploadSpec, owner: "User", known: "dict[UUID, Upload]", there: "dict[str, Upload]"
    ) -> "Upload | FilesError | None":
        """The upload that this spec began before, or that brought the same file; why it cannot be told."""
        upload = known.get(claim.id) if claim.id else None
        if upload is None:
            return there.get(claim.fingerprint) if claim.may_be_there else None
        if upload.file.owner_id != owner.pk:
            return UploadUnknown("There is nothing of yours here.")
        if upload.fingerprint != claim.fingerprint:
            return UploadDiffers(
                "Another file was announced under this id. Give each upload an id of its own."
            )
        upload.is_repeated = not upload._state.adding
        return upload

    def _there(
        self, claims: "Sequence[UploadSpec | FilesError]", sent: "models.QuerySet[Upload]"
    ) -> "dict[str, Upload]":
        """By fingerprint, what of that was sent before and is still there. Takes one query at most."""
        asked = [
            claim.fingerprint for claim in claims if isinstance(claim, UploadSpec) and claim.may_be_there
        ]
        if not asked:
            return {}
        arrived = sent.filter(state=self.model.State.COMPLETE, file__deleted_at=None, fingerprint__in=asked)
        # What came in parts without their digests cannot be compared, so that it is sent again.
        arrived = arrived.exclude(part_size__gt=0, with_sha256=False)
        # Of several of one name, size and date the latest is most likely to be the same.
        there = {upload.fingerprint: upload for upload in arrived.order_by("created_at")}
        for upload in there.values():
            upload.is_repeated = True
        return there

    def _announced(self, owner: "User", spec: UploadSpec, *, with_sha256: bool) -> "Upload":
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

    def _new(self, file: File, **fields: Any) -> "Upload":
        file.charged = fields["reserved"]
        life = PLAIN_LIFE if fields.get("is_plain") else timedelta(days=settings.UPLOAD_EXPIRY_DAYS)
        return self.model(file=file, expires_at=timezone.now() + life, **fields)

    def _keep(
        self, owner: "User", uploads: "list[Upload]", door: Door | None = None
    ) -> dict[UUID, FilesError | QuotaExceeded]:
        """Reserve their bytes and save them; those that do not fit are left out and named."""
        if not uploads:
            return {}
        with transaction.atomic():
            refused: dict[UUID, FilesError | QuotaExceeded] = {**self._reserve(owner, uploads)}
            if door:
                turned_away = door.admit([upload for upload in uploads if upload.pk not in refused])
                owner.release(sum(upload.reserved for upload in uploads if upload.pk in turned_away))
                refused |= turned_away
            kept = [upload for upload in uploads if upload.pk not in refused]
            File.objects.bulk_create([upload.file for upload in kept])
            self.bulk_create(kept)
            record_all(
                "upload.started",
                ((upload.file, {"size": upload.reserved}) for upload in kept),
                by=door.label if door else owner,
            )
            if door:
                door.note(kept)
        return refused

    def _reserve(self, owner: "User", uploads: "list[Upload]") -> dict[UUID, QuotaExceeded]:
        """Take the bytes of all; where they do not fit, of each in turn that does."""
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


def _reserve_one(owner: "User", upload: "Upload") -> QuotaExceeded | None:
    """Take its bytes; why that cannot be."""
    try:
        owner.reserve(upload.reserved)
    except QuotaExceeded as error:
        return error
    return None


def _parsed(spec: UploadSpec) -> UploadSpec | FilesError:
    try:
        return spec.parsed()
    except FilesError as error:
        return error
