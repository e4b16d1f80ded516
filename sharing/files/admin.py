"""Files and uploads, for operators: what there is, what became of it, and the two verbs that end it."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from sharing.accounts.http import signed_in_user
from sharing.audit.admin import EVERYWHERE, RecordAdmin, list_url, row_link, state_mark
from sharing.files.errors import FilesError
from sharing.files.models import DirectURL, File, Upload
from sharing.wording import size, visible

STATE_MARKS = {
    Upload.State.OPEN: "arriving",
    Upload.State.COMPLETE: "good",
    Upload.State.CANCELLED: "withdrawn",
    Upload.State.EXPIRED: "expired",
    Upload.State.DAMAGED: "revoked",
}


class FileStateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("arriving", _("Uploading")),
            ("ready", _("Ready")),
            ("trashed", _("In the trash")),
            ("discarded", _("Being deleted")),
            ("purged", _("Deleted")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[File]) -> QuerySet[File]:
        present = queryset.filter(deleted_at=None)
        discarded = queryset.filter(discarded_at__isnull=False)
        chosen = {
            "arriving": present.filter(ready_at=None),
            "ready": present.filter(ready_at__isnull=False),
            "trashed": queryset.filter(deleted_at__isnull=False, discarded_at=None),
            "discarded": discarded.filter(purged_at=None),
            "purged": discarded.filter(purged_at__isnull=False),
        }
        return chosen.get(self.value() or "", queryset)


@admin.register(File)
class FileAdmin(RecordAdmin[File]):
    refusals = (FilesError,)
    list_display = ("shown_name", "owner", "state", "shown_size", "content_type", "check_made", "created_at")
    list_select_related = ("owner",)
    list_filter = (FileStateFilter, "check_made", "created_at")
    linked_lookups = ("owner__id__exact", "links__id__exact")
    date_hierarchy = "created_at"
    search_fields = ("name", "path", "owner__email", "owner__name", "=sha256")
    search_help_text = gettext_lazy("Search by name, folder, owner or SHA-256.")
    fieldsets = (
        (
            None,
            {"fields": ("shown_name", "path", "state", "owner", "shown_size", "content_type", "see_also")},
        ),
        (gettext_lazy("In storage"), {"fields": ("object_key", "check_made", "sha256", "etag")}),
        (
            gettext_lazy("Dates"),
            {"fields": ("created_at", "ready_at", "deleted_at", "discarded_at", "purged_at")},
        ),
    )
    actions = ("delete", "discard", "revoke_direct_urls")

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def shown_name(self, file: File) -> SafeString:
        return format_html("<bdi>{}</bdi>", visible(file.name))

    @admin.display(description=gettext_lazy("size"), ordering="size")
    def shown_size(self, file: File) -> str:
        return size(file.size)

    @admin.display(description=gettext_lazy("state"))
    def state(self, file: File) -> SafeString:
        if file.discarded_at:
            return state_mark("withdrawn", _("Deleted") if file.purged_at else _("Being deleted"))
        if file.is_deleted:
            return state_mark("expired", _("In the trash"))
        return state_mark("good", _("Ready")) if file.ready_at else state_mark("arriving", _("Uploading"))

    @admin.display(description=gettext_lazy("see also"))
    def see_also(self, file: File) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a> · <a href="{}">{}</a>',
            *(list_url("links_link", files__id__exact=file.pk), _("Links")),
            *(list_url("links_download", file__id__exact=file.pk), _("Downloads")),
            *(list_url("files_upload", file__id__exact=file.pk), _("Upload")),
        )

    @admin.action(
        description=gettext_lazy("Delete this file"),
        description_plural=gettext_lazy("Delete the selected files"),
        location=EVERYWHERE,
    )
    def delete(self, request: HttpRequest, files: QuerySet[File]) -> HttpResponse | None:
        files = files.filter(deleted_at=None).select_related("owner", "upload")
        if "post" not in request.POST and files:
            return self._ask(request, files)
        user = signed_in_user(request)
        self.act(
            request,
            files,
            lambda file: file.delete_by(user),
            done=ngettext_lazy("%(n)s file deleted.", "%(n)s files deleted.", "n"),
            none=_("None of these can be deleted."),
        )
        return None

    @admin.action(
        description=gettext_lazy("Delete from the trash permanently"),
        description_plural=gettext_lazy("Delete the selected files from the trash permanently"),
        location=EVERYWHERE,
    )
    def discard(self, request: HttpRequest, files: QuerySet[File]) -> None:
        user = signed_in_user(request)
        trashed = files.filter(pk__in=File.objects.trashed().values("pk"))
        self.act(
            request,
            trashed,
            lambda file: File.objects.filter(pk=file.pk).discard(by=user),
            done=ngettext_lazy("%(n)s file deleted permanently.", "%(n)s files deleted permanently.", "n"),
            none=_("None of these is in the trash."),
        )

    @admin.action(
        description=gettext_lazy("Revoke this file's direct URLs"),
        description_plural=gettext_lazy("Revoke the selected files' direct URLs"),
        location=EVERYWHERE,
    )
    def revoke_direct_urls(self, request: HttpRequest, files: QuerySet[File]) -> None:
        user = signed_in_user(request)
        handed_out = files.filter(pk__in=DirectURL.objects.usable().values("file"))
        self.act(
            request,
            handed_out,
            lambda file: file.revoke_direct_urls(by=user),
            done=ngettext_lazy(
                "Direct URLs of %(n)s file revoked.", "Direct URLs of %(n)s files revoked.", "n"
            ),
            none=_("None of these has a direct URL that works."),
        )

    def _ask(self, request: HttpRequest, files: QuerySet[File]) -> HttpResponse:
        """Others' links would stop: say whose, and have the same request sent once more."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Delete these files?"),
            "opts": self.opts,
            "files": files,
            "trash_days": settings.TRASH_DAYS,
            "chosen": [pair for pair in _pairs(request) if pair[0] != "csrfmiddlewaretoken"],
        }
        return TemplateResponse(request, "admin/files/file/delete.html", context)


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, values in request.POST.lists() for value in values]


@admin.register(Upload)
class UploadAdmin(RecordAdmin[Upload]):
    refusals = (FilesError,)
    list_display = (
        "file_name",
        "owner",
        "shown_state",
        "shown_size",
        "method",
        "created_at",
        "expires_at",
        "finished_at",
    )
    list_select_related = ("file__owner",)
    list_filter = ("state", "with_sha256", "is_plain", "created_at")
    linked_lookups = ("file__id__exact",)
    date_hierarchy = "created_at"
    search_fields = ("file__name", "file__path", "file__owner__email", "file__owner__name")
    search_help_text = gettext_lazy("Search by file name, folder or owner.")
    fieldsets = (
        (None, {"fields": ("file_name", "owner", "shown_state", "shown_size", "held")}),
        (gettext_lazy("Upload"), {"fields": ("method", "with_sha256", "sha256", "is_plain")}),
        (gettext_lazy("Dates"), {"fields": ("created_at", "expires_at", "finished_at")}),
    )
    actions = ("cancel",)

    def subject_of(self, row: Upload) -> tuple[str, object]:
        return "file", row.file_id

    @admin.display(description=gettext_lazy("file"), ordering="file__name")
    def file_name(self, upload: Upload) -> SafeString:
        return format_html("<bdi>{}</bdi>", visible(upload.file.name))

    @admin.display(description=gettext_lazy("owner"), ordering="file__owner__email")
    def owner(self, upload: Upload) -> SafeString:
        return row_link(upload.file.owner, upload.file.owner.email)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, upload: Upload) -> SafeString:
        if upload.state == Upload.State.OPEN and upload.is_expired:
            return state_mark("expired", _("Overdue"))
        return state_mark(STATE_MARKS[Upload.State(upload.state)], upload.get_state_display().capitalize())

    @admin.display(description=gettext_lazy("size"), ordering="file__size")
    def shown_size(self, upload: Upload) -> str:
        return size(upload.file.size)

    @admin.display(description=gettext_lazy("quota used"), ordering="file__charged")
    def held(self, upload: Upload) -> str:
        return size(upload.file.charged)

    @admin.display(description=gettext_lazy("method"), ordering="part_size")
    def method(self, upload: Upload) -> str:
        if upload.is_multipart:
            return _("Parts of %(size)s") % {"size": size(upload.part_size)}
        return _("One form")

    @admin.action(
        description=gettext_lazy("Cancel this upload"),
        description_plural=gettext_lazy("Cancel the selected uploads"),
        location=EVERYWHERE,
    )
    def cancel(self, request: HttpRequest, uploads: QuerySet[Upload]) -> None:
        user = signed_in_user(request)
        self.act(
            request,
            uploads.filter(state=Upload.State.OPEN).select_related("file__owner"),
            lambda upload: upload.cancel(by=user),
            done=ngettext_lazy("%(n)s upload cancelled.", "%(n)s uploads cancelled.", "n"),
            none=_("None of these is still uploading."),
        )
