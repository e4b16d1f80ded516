"""Warnings of the admin's first page, each a sentence with where to go."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharing.mail.outbox import is_mail_server_set
from sharing.pages.overview import Overview
from sharing.storage.examination import Examination


@dataclass(frozen=True)
class AdminWarning:
    words: str
    url: str = ""
    link: str = ""


def warnings_of(overview: Overview, examination: Examination | None) -> Iterator[AdminWarning]:
    """Yield them, the worst first. `examination` is the doctor's last one."""
    if not is_mail_server_set():
        words = _(
            "No mail server is set, so no email reaches anybody: it is saved in %(folder)s. Set EMAIL_URL."
        )
        yield AdminWarning(words % {"folder": settings.HOME.outbox})
    if examination and examination.failed:
        yield AdminWarning(_("Storage failed its last check. Run manage.py doctor to see what to do."))
    if overview.jobs_failed:
        yield AdminWarning(
            ngettext(
                "%(n)s background job failed in the last week. The log says why.",
                "%(n)s background jobs failed in the last week. The log says why.",
                overview.jobs_failed,
            )
            % {"n": overview.jobs_failed}
        )
    if overview.mails_failed:
        yield AdminWarning(
            ngettext(
                "%(n)s email of the last week could not be delivered.",
                "%(n)s emails of the last week could not be delivered.",
                overview.mails_failed,
            )
            % {"n": overview.mails_failed},
            f"{reverse('admin:links_recipient_changelist')}?failure__isempty=0",
            _("Show"),
        )
    if overview.uploads_stuck:
        yield AdminWarning(
            ngettext(
                "%(n)s upload has been unfinished for more than a day.",
                "%(n)s uploads have been unfinished for more than a day.",
                overview.uploads_stuck,
            )
            % {"n": overview.uploads_stuck},
            f"{reverse('admin:files_upload_changelist')}?state__exact=open",
            _("Show"),
        )
