"""`manage.py reconcile`: what the database and the bucket do not agree about, and its repair."""

import sys
from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharing.files.reconciling import GRACE, Difference, Reconciliation, WrongBucket
from sharing.newer_database import require_known_tables
from sharing.storage.bucket import get_bucket
from sharing.storage.errors import StorageError

GRACE_HOURS = int(GRACE.total_seconds() // 3600)
# Of what is not ours a bucket may hold any number.
SHOWN_OF_OTHERS = 20


class Command(BaseCommand):
    help = "List rows without objects, objects without rows and stale multipart uploads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Once they are listed, ask; then delete such objects, abort such uploads, mark such files deleted.",
        )
        parser.add_argument("--yes", action="store_true", help="Repair without asking, as a script needs it.")
        parser.add_argument(
            "--grace-hours",
            type=int,
            default=GRACE_HOURS,
            help=f"Leave alone what is younger; {GRACE_HOURS} by default.",
        )

    def handle(self, *, repair: bool, yes: bool, grace_hours: int, **options: Any) -> None:
        # Objects that a newer version keeps in the bucket would seem to be nobody's.
        require_known_tables()
        if grace_hours < 1:
            raise CommandError(_("--grace-hours must be at least 1, because of uploads in progress."))
        reconciliation = Reconciliation(get_bucket(), grace=timedelta(hours=grace_hours))
        try:
            found = self._list(reconciliation)
            if not repair or not found:
                self._conclude(found)
                return
            reconciliation.require_common_ground()
            self._require_consent(found, yes=yes)
            repaired = len(list(reconciliation.repair(found)))
        except (WrongBucket, StorageError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Repaired: %(number)s.") % {"number": repaired})

    def _list(self, reconciliation: Reconciliation) -> list[Difference]:
        """Write down all that was found; what of it can be repaired."""
        found: list[Difference] = []
        others: Counter[str] = Counter()
        for difference in reconciliation.survey():
            if difference.can_be_repaired:
                found.append(difference)
            else:
                others[difference.kind] += 1
                if others[difference.kind] > SHOWN_OF_OTHERS:
                    continue
            self.stdout.write(f"{difference.kind}: {difference}")
        for kind, count in others.items():
            self.stdout.write(
                _("Left alone, because this instance did not create them: %(count)s (%(kind)s).")
                % {"count": count, "kind": kind}
            )
        return found

    def _conclude(self, found: list[Difference]) -> None:
        if found:
            self.stdout.write(
                ngettext(
                    "%(n)s difference found. Run this again with --repair to repair it.",
                    "%(n)s differences found. Run this again with --repair to repair them.",
                    len(found),
                )
                % {"n": len(found)}
            )
        else:
            self.stdout.write(_("The database and the bucket agree."))

    def _require_consent(self, found: list[Difference], *, yes: bool) -> None:
        kinds = Counter(difference.kind for difference in found)
        plan = ", ".join(f"{kind}: {count}" for kind, count in kinds.items())
        if yes:
            return
        if not sys.stdin.isatty():
            raise CommandError(
                _("Nothing was changed. Run this with --yes to repair without being asked (%(plan)s).")
                % {"plan": plan}
            )
        self.stdout.write(_("To repair: %(plan)s. Deleting can't be undone.") % {"plan": plan})
        self.stdout.write(_("Continue? [y/N]"), ending=" ")
        self.stdout.flush()
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            raise CommandError(_("Nothing was changed."))
