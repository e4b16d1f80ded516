"""`manage.py presign`: a direct URL of a file, alone on standard output, as `aws s3 presign` prints one."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sharing.files.errors import FilesError
from sharing.files.models import File
from sharing.links.models import Link
from sharing.links.waybill_number import parse_waybill_number
from sharing.wording import visible


class Command(BaseCommand):
    help = "Print a presigned URL of a file: whoever has it can fetch the file until it expires."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            help="A file's id; or a waybill's number, a slash and the file's place on it, "
            "such as WB·7K2F·Q9XM·3T8V/2. Without a place, the waybill's only file.",
        )
        parser.add_argument(
            "--expires-in",
            type=int,
            default=3600,
            metavar="SECONDS",
            help="From 1 to 604800, which is a week; 3600 by default.",
        )

    def handle(self, *, file: str, expires_in: int, **options: Any) -> None:
        try:
            url, _ = _named(file).create_direct_url(seconds=expires_in)
        except FilesError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(url)


def _named(words: str) -> File:
    """Return the file that an id or a waybill number names. Raises CommandError."""
    try:
        file: File = File.objects.ready().get(pk=UUID(words))
    except ValueError:
        return _on_waybill(words)
    except File.DoesNotExist as error:
        raise CommandError(f"There is no file {words}, or it has not arrived.") from error
    return file


def _on_waybill(words: str) -> File:
    number, _, place = words.partition("/")
    link = Link.objects.filter(public_id=parse_waybill_number(number)).first()
    if link is None:
        raise CommandError(f"“{words}” is neither a file's id nor a waybill's number.")
    files: list[File] = [item.file for item in link.items.present()]
    if not place and len(files) == 1:
        return files[0]
    if not place.isdecimal() or not 1 <= int(place) <= len(files):
        listed = "".join(
            f"\n  {link.number}/{index}  {visible(file.name)}" for index, file in enumerate(files, 1)
        )
        raise CommandError(f"Say which file of the waybill:{listed or ' it has none'}")
    return files[int(place) - 1]
