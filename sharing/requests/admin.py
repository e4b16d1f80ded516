"""Requests and their guests, for operators. A request's address is never shown: it was not sent to them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from sharing.accounts.http import signed_in_user
from sharing.audit.admin import EVERYWHERE, RecordAdmin, StateFilter, list_url, row_link, state_mark
from sharing.files.models import Upload
from sharing.requests.models import FileRequest, Guest
from sharing.requests.models.guest import Delivery
from sharing.requests.models.state import state_rules
from sharing.wording import grouped, size, visible

FILES_SHOWN = 50


def _count_of(rows: "QuerySet[Any]", of: str) -> Coalesce:
    """Count these rows of each request or guest."""
    own = rows.filter(**{of: OuterRef("pk")}).order_by().values(of)
    return Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)


GUEST_COUNT = _count_of(Guest.objects.all(), "request")
SENT_COUNT = _count_of(Delivery.objects.all(), "guest")


class RequestStateFilter(StateFilter):
    states = FileRequest.State

    def rules(self) -> dict[Any, Q]:
        return dict(state_rules())


@admin.register(FileRequest)
class FileRequestAdmin(RecordAdmin[FileRequest]):
    list_display = ("shown_title", "owner", "shown_state", "taken", "senders", "created_at", "expires_at")
    list_filter = (RequestStateFilter, "created_at", "expires_at")
    linked_lookups = ("owner__id__exact",)
    date_hierarchy = "created_at"
    search_fields = ("title", "=public_id", "owner__email", "owner__name")
    search_help_text = gettext_lazy("Search by title, number or owner.")
    fieldsets = (
        (None, {"fields": ("shown_title", "public_id", "shown_state", "owner", "message", "slug")}),
        (
            gettext_lazy("Limits"),
            {
                "fields": (
                    *("created_at", "expires_at", "closed_at", "has_password"),
                    *("kinds", "file_limit", "size_limit", "total_limit", "name_asked", "email_asked"),
                )
            },
        ),
        (gettext_lazy("Use"), {"fields": ("taken", "senders")}),
    )
    actions = ("close",)

    def rows_of(self, keys: list[Any]) -> QuerySet[FileRequest]:
        requests: QuerySet[FileRequest] = FileRequest.objects.select_related("owner").filter(pk__in=keys)
        return requests.annotate(guest_count=GUEST_COUNT)

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def shown_title(self, file_request: FileRequest) -> SafeString:
        return format_html("<bdi>{}</bdi>", visible(file_request.title))

    @admin.display(description=gettext_lazy("state"))
    def shown_state(self, file_request: FileRequest) -> SafeString:
        return state_mark(file_request.state.mark, file_request.state.label)

    @admin.display(description=gettext_lazy("received"), ordering="taken_bytes")
    def taken(self, file_request: FileRequest) -> str:
        return ngettext("%(n)s file, %(size)s", "%(n)s files, %(size)s", file_request.taken_count) % {
            "n": grouped(file_request.taken_count),
            "size": size(file_request.taken_bytes),
        }

    @admin.display(description=gettext_lazy("guests"), ordering=GUEST_COUNT)
    def senders(self, file_request: Any) -> SafeString:
        rows = list_url("requests_guest", request__id__exact=file_request.pk)
        return format_html('<a href="{}">{}</a>', rows, file_request.guest_count)

    @admin.display(description=gettext_lazy("password"), boolean=True)
    def has_password(self, file_request: FileRequest) -> bool:
        return bool(file_request.password)

    @admin.action(
        description=gettext_lazy("Stop accepting files"),
        description_plural=gettext_lazy("Stop accepting files for the selected requests"),
        location=EVERYWHERE,
    )
    def close(self, request: HttpRequest, requests: QuerySet[FileRequest]) -> None:
        by = signed_in_user(request)
        self.act(
            request,
            requests.filter(closed_at=None),
            lambda row: row.close(by=by),
            done=ngettext_lazy("%(n)s request closed.", "%(n)s requests closed.", "n"),
            none=_("All of these have been closed before."),
        )


@admin.register(Guest)
class GuestAdmin(RecordAdmin[Guest]):
    list_display = ("shown_label", "file_request", "owner", "sent", "created_at")
    list_filter = ("created_at",)
    linked_lookups = ("request__id__exact",)
    date_hierarchy = "created_at"
    search_fields = ("name", "email", "request__title", "=request__public_id", "request__owner__email")
    search_help_text = gettext_lazy(
        "Search by name or email address as they entered it, or by the request's title, number or owner."
    )
    fields = ("name", "email", "file_request", "owner", "created_at", "sent", "files")

    def rows_of(self, keys: list[Any]) -> QuerySet[Guest]:
        guests = Guest.objects.select_related("request__owner").filter(pk__in=keys)
        return guests.annotate(sent_count=SENT_COUNT)

    def subject_of(self, row: Guest) -> tuple[str, object]:
        """Return the guest's request: its record has what guests do."""
        return "filerequest", row.request_id

    @admin.display(description=gettext_lazy("guest"), ordering="name")
    def shown_label(self, guest: Guest) -> SafeString:
        return format_html("<bdi>{}</bdi>", visible(guest.label))

    @admin.display(description=gettext_lazy("request"), ordering="request__title")
    def file_request(self, guest: Guest) -> SafeString:
        return row_link(guest.request, visible(guest.request.title))

    @admin.display(description=gettext_lazy("owner"), ordering="request__owner__email")
    def owner(self, guest: Guest) -> SafeString:
        return row_link(guest.request.owner, guest.request.owner.email)

    @admin.display(description=gettext_lazy("uploads"), ordering=SENT_COUNT)
    def sent(self, guest: Any) -> int:
        return int(guest.sent_count)

    @admin.display(description=gettext_lazy("latest files"))
    def files(self, guest: Guest) -> SafeString:
        latest = (upload.file for upload in Upload.objects.of(guest)[:FILES_SHOWN])
        rows = ((row_link(file, visible(file.name)), size(file.size)) for file in latest)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} {}</li>", rows))
