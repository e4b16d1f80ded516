"""`manage.py presign`: a direct URL of a file, alone on standard output, as `aws s3 presign` prints one."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from sharing.files.errors import FilesError
from sharing.files.models import File
from sharing.links.models import Link
from sharing.links.waybill_number import parse_waybill_number
from sharing.newer_database import require_known_tables
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
        require_known_tables()
        try:
            url = _named(file).create_direct_url(seconds=expires_in)[0]
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
        raise CommandError(_("There is no file %(id)s, or it is still uploading.") % {"id": words}) from error
    return file


def _on_waybill(words: str) -> File:
    number, place = [*words.split("/", 1), ""][:2]
    link = Link.objects.filter(public_id=parse_waybill_number(number)).first()
    if link is None:
        raise CommandError(_("“%(words)s” is neither a file's id nor a waybill number.") % {"words": words})
    files: list[File] = [item.file for item in link.items.present()]
    if not place and len(files) == 1:
        return files[0]
    if not place.isdecimal() or not 1 <= int(place) <= len(files):
        listed = "".join(
            f"\n  {link.number}/{index}  {visible(file.name)}" for index, file in enumerate(files, 1)
        )
        if not listed:
            raise CommandError(_("This waybill has no files."))
        raise CommandError(_("Choose one of this waybill's files:%(list)s") % {"list": listed})
    return files[int(place) - 1]
