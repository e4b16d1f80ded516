"""Says an event in one sentence, for the admin panel."""

from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.audit.models import Event
from sharing.mail.outbox import is_mail_server_set
from sharing.wording import visible

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# By action: {who} did something to {what}.
SENTENCES: "dict[str, _StrPromise]" = {
    "user.created": gettext_lazy("{who} created an account."),
    "user.added": gettext_lazy("{who} added the user {what}."),
    "user.invited": gettext_lazy("{who} invited {what}."),
    "user.changed": gettext_lazy("{who} changed the user {what}."),
    "user.suspended": gettext_lazy("{who} suspended {what}."),
    "user.restored": gettext_lazy("{who} restored {what}."),
    "user.email_confirmed": gettext_lazy("{who} confirmed the email address of {what}."),
    "user.password_link_made": gettext_lazy("{who} created a password link for {what}."),
    "upload.started": gettext_lazy("{who} started uploading {what}."),
    "upload.cancelled": gettext_lazy("{who} cancelled the upload of {what}."),
    "upload.expired": gettext_lazy("The upload of {what} was not finished in time and was cancelled."),
    "upload.damaged": gettext_lazy("The upload of {what} arrived damaged and was discarded."),
    "file.ready": gettext_lazy("{who} uploaded {what}."),
    "file.renamed": gettext_lazy("{who} renamed a file to {what}."),
    "file.folder_changed": gettext_lazy("{who} moved {what} to another folder."),
    "file.moved": gettext_lazy("{what} was moved to a new key, so earlier download URLs stopped working."),
    "file.presigned": gettext_lazy("{who} created a direct URL for {what}."),
    "file.opened": gettext_lazy("{who} opened {what}."),
    "file.direct_urls_revoked": gettext_lazy("{who} revoked the direct URLs of {what}."),
    "file.deleted": gettext_lazy("{who} deleted {what}."),
    "file.restored": gettext_lazy("{who} restored {what}."),
    "file.discarded": gettext_lazy("{who} deleted {what} permanently."),
    "file.lost": gettext_lazy("{what} is no longer in storage."),
    "files.downloaded": gettext_lazy("{who} downloaded several of their own files."),
    "file.thumbnail_kept": gettext_lazy("{who} added a thumbnail to {what}."),
    "link.made": gettext_lazy("{who} created the link {what}."),
    "link.addressed": gettext_lazy("{who} emailed the link {what}."),
    "link.mailed": gettext_lazy("The link {what} was emailed."),
    "link.mailed_again": gettext_lazy("{who} emailed the link {what} again."),
    "link.mail_failed": gettext_lazy("An email with the link {what} could not be delivered."),
    "link.reminded": gettext_lazy("A reminder about the link {what} was emailed."),
    "link.recipient_revoked": gettext_lazy("{who} revoked a recipient of the link {what}."),
    "link.revoked": gettext_lazy("{who} revoked the link {what}."),
    "link.deleted": gettext_lazy("{who} deleted the link {what}."),
    "link.refused": gettext_lazy("Somebody was refused at the link {what}."),
    "link.words_changed": gettext_lazy("{who} changed the title or message of the link {what}."),
    "link.name_changed": gettext_lazy("{who} changed the name of the link {what}."),
    "link.expiry_changed": gettext_lazy("{who} changed the expiry of the link {what}."),
    "link.limit_changed": gettext_lazy("{who} changed the download limit of the link {what}."),
    "link.password_set": gettext_lazy("{who} set a password for the link {what}."),
    "link.password_changed": gettext_lazy("{who} changed the password of the link {what}."),
    "link.password_removed": gettext_lazy("{who} removed the password of the link {what}."),
    "link.code_asked": gettext_lazy("{who} turned on emailed codes for the link {what}."),
    "link.code_not_asked": gettext_lazy("{who} turned off emailed codes for the link {what}."),
    "link.code_mailed": gettext_lazy("A code for the link {what} was emailed."),
    "link.previews_allowed": gettext_lazy("{who} turned on previews for the link {what}."),
    "link.previews_stopped": gettext_lazy("{who} turned off previews for the link {what}."),
    "link.card_changed": gettext_lazy("{who} changed the chat preview of the link {what}."),
    "link.file_added": gettext_lazy("{who} added a file to the link {what}."),
    "link.files_added": gettext_lazy("{who} added files to the link {what}."),
    "link.file_removed": gettext_lazy("{who} removed a file from the link {what}."),
    "link.more_time_asked": gettext_lazy("Somebody asked for more time for the link {what}."),
    "request.made": gettext_lazy("{who} created the request {what}."),
    "request.changed": gettext_lazy("{who} changed the request {what}."),
    "request.closed": gettext_lazy("{who} closed the request {what}."),
    "request.reopened": gettext_lazy("{who} reopened the request {what}."),
    "request.refused": gettext_lazy("Somebody was refused at the request {what}."),
    "request.name_changed": gettext_lazy("{who} changed the name of the request {what}."),
    "request.password_set": gettext_lazy("{who} set a password for the request {what}."),
    "request.password_changed": gettext_lazy("{who} changed the password of the request {what}."),
    "request.password_removed": gettext_lazy("{who} removed the password of the request {what}."),
    "site.changed": gettext_lazy("{who} changed the site's setting {what}."),
    "site.reset": gettext_lazy("{who} set the site's setting {what} back to the environment's value."),
}

# Where no mail server is set, these mails are files that reach nobody.
NOT_EMAILED: "dict[str, _StrPromise]" = {
    "link.mailed": gettext_lazy("An email with the link {what} was saved as a file."),
    "link.reminded": gettext_lazy("A reminder about the link {what} was saved as a file."),
    "link.code_mailed": gettext_lazy("An email with a code for the link {what} was saved as a file."),
}


def sentence_of(event: Event, *, what: SafeString | None = None) -> SafeString:
    """Return the event as a sentence in HTML; `what` stands for its subject, such as a link to its page.

    An action without a sentence, of another version, is shown as it is.
    """
    who = format_html("<bdi>{}</bdi>", visible(event.actor_label)) if event.actor_label else _("The system")
    if what is None:
        what = format_html("<bdi>{}</bdi>", visible(event.subject_label))
    sentence = SENTENCES.get(event.action)
    if not is_mail_server_set():
        sentence = NOT_EMAILED.get(event.action, sentence)
    if sentence is None:
        return format_html("{}: {} ({})", event.action, what, who)
    return format_html(str(sentence), who=who, what=what)
