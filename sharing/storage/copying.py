"""Copying objects inside the bucket: the service does it, and no byte passes through here."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.utils.translation import gettext as _

from sharing.storage.deadline import carried
from sharing.storage.errors import MultipartMissing, PartsRefused
from sharing.storage.multipart import Multipart
from sharing.storage.plan import UploadPlan
from sharing.storage.translate import translated_errors_of_long_call

COPY_THREADS = 8
# S3 would take 5 GB in one call (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html); but it answers
# when all is copied, and nobody waits so long for an answer.
LARGEST_SINGLE_COPY = 1024**3


class Copying(Multipart):
    """A large object is copied in parts."""

    def copy(
        self,
        key: str,
        target: str,
        *,
        size: int,
        content_type: str,
        part_size: int = 0,
        digests: Mapping[int, str] | None = None,
        largest: int = LARGEST_SINGLE_COPY,
    ) -> None:
        """Copy an object of `size` bytes. Raises ObjectMissing, PartsRefused.

        One that came in parts is copied in the same (`part_size` in bytes), since only they give its composite SHA-256
        again, and the bucket holds each against its digest (`digests`, base64, by number). Another one is copied by
        one call, up to `largest` bytes. boto3's own copy in parts cannot do this: it gives no digests when it joins
        them (https://github.com/boto/s3transfer/issues/241).
        """
        if not part_size and size <= largest:
            self._copy_whole(key, target)
            return
        plan = UploadPlan(size, part_size) if part_size else UploadPlan.of(size)
        with suppress(MultipartMissing):  # joined by a racing call: the object itself says
            self._copy_parts(key, target, plan, content_type, digests or {})

    def abort_multiparts(self, key: str) -> None:
        """Abort every unfinished upload under this key."""
        for multipart_id in self._unfinished(key):
            with suppress(MultipartMissing):
                self.abort_multipart(key, multipart_id)

    def _copy_parts(
        self, key: str, target: str, plan: UploadPlan, content_type: str, digests: Mapping[int, str]
    ) -> None:
        # Parts that an earlier call copied, and did not live to join, are not copied again.
        multipart_id = next(self._unfinished(target), "") or self.create_multipart(
            target, content_type=content_type, with_sha256=bool(digests)
        )
        copied = {part.number for part in self.list_parts(target, multipart_id)}
        missing = [number for number in range(1, plan.part_count + 1) if number not in copied]

        def copy_part(number: int) -> bool:
            return self._copy_part(key, target, multipart_id, plan, number)

        with ThreadPoolExecutor(COPY_THREADS) as pool:
            are_digested = all(list(pool.map(carried(copy_part), missing)))
        if digests and not are_digested:
            # This service digests what is sent to it, but not what it copies.
            self.abort_multipart(target, multipart_id)
            self._copy_parts(key, target, plan, content_type, {})
            return
        self._join(target, multipart_id, plan, digests)

    @translated_errors_of_long_call
    def _copy_whole(self, key: str, target: str) -> None:
        self.client.copy_object(Bucket=self.name, Key=target, CopySource={"Bucket": self.name, "Key": key})

    @translated_errors_of_long_call
    def _copy_part(self, key: str, target: str, multipart_id: str, plan: UploadPlan, number: int) -> bool:
        """Copy one part. True if the bucket gave the copy a digest."""
        first = (number - 1) * plan.part_size
        answer = self.client.upload_part_copy(
            Bucket=self.name,
            Key=target,
            UploadId=multipart_id,
            PartNumber=number,
            CopySource={"Bucket": self.name, "Key": key},
            CopySourceRange=f"bytes={first}-{first + plan.length_of(number) - 1}",
        )
        return bool(answer["CopyPartResult"].get("ChecksumSHA256"))

    def _join(self, target: str, multipart_id: str, plan: UploadPlan, digests: Mapping[int, str]) -> None:
        stored = {part.number: part for part in self.list_parts(target, multipart_id)}
        numbers = range(1, plan.part_count + 1)
        if not stored.keys() >= set(numbers):
            # While a racing call joins them they go from the list: a piece must not take the place of the whole.
            raise MultipartMissing(_("The parts of %(key)s are being joined.") % {"key": target})
        parts = [stored[number] for number in numbers]
        try:
            self.complete_multipart(target, multipart_id, parts, digests=digests)
        except PartsRefused:
            # Start again next time: what was copied is not what it should be.
            self.abort_multipart(target, multipart_id)
            raise

    def _unfinished(self, key: str) -> Iterator[str]:
        """Yield the UploadIds of the unfinished uploads under this key."""
        for page in self.list_multiparts(key, page_size=10):
            yield from (found.multipart_id for found in page if found.key == key)
