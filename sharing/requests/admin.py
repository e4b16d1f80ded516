"""Requests and their guests, for operators. A request's address is never shown: they were not sent it."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sharing.accounts.http import signed_in_user
from sharing.audit.admin import EVERYWHERE, RecordAdmin, StateFilter, list_url, row_link, state_mark
from sharing.expiring import expired
from sharing.requests.models import FileRequest, Guest
from sharing.requests.views.owner import MARKS
from sharing.wording import count, size, visible

FILES_SHOWN = 50


class RequestStateFilter(StateFilter):
    states = FileRequest.State

    def rules(self) -> dict[Any, Q]:
        own_quota_used = Q(owner__quota__lte=F("owner__used_bytes"))
        site_quota_used = Q(owner__quota=None, owner__used_bytes__gte=settings.USER_QUOTA)
        return {
            FileRequest.State.SUSPENDED: Q(owner__is_active=False),
            FileRequest.State.CLOSED: Q(closed_at__isnull=False),
            FileRequest.State.EXPIRED: expired(),
            FileRequest.State.FULL: Q(taken_count__gte=F("file_limit"))
            | Q(taken_bytes__gte=F("total_limit")),
            FileRequest.State.NO_ROOM: own_quota_used | site_quota_used,
            FileRequest.State.OPEN: Q(),
        }


@admin.register(FileRequest)
class FileRequestAdmin(RecordAdmin[FileRequest]):
    list_display = ("shown_title", "owner", "shown_state", "taken", "senders", "created_at", "expires_at")
    list_filter = (RequestStateFilter, "created_at", "expires_at")
    linked_lookups = ("owner__id__exact",)
    date_hierarchy = "created_at"
    search_fields = ("title", "=public_id", "owner__email", "owner__name")
    search_help_text = "A title, its number, or its owner."
    fieldsets = (
        (None, {"fields": ("shown_title", "public_id", "shown_state", "owner", "message", "slug")}),
        (
            "Limits",
            {
                "fields": (
                    *("created_at", "expires_at", "closed_at", "has_password"),
                    *("kinds", "file_limit", "size_limit", "total_limit", "name_asked", "email_asked"),
                )
            },
        ),
        ("Use", {"fields": ("taken", "senders")}),
    )
    actions = ("close",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FileRequest]:
        requests: QuerySet[FileRequest] = FileRequest.objects.select_related("owner")
        return requests.annotate(guest_count=Count("guests"))

    @admin.display(description="title", ordering="title")
    def shown_title(self, asked: FileRequest) -> SafeString:
        return format_html("<bdi>{}</bdi>", visible(asked.title))

    @admin.display(description="state")
    def shown_state(self, asked: FileRequest) -> SafeString:
        return state_mark(MARKS[asked.state], asked.state.label)

    @admin.display(description="taken", ordering="taken_bytes")
    def taken(self, asked: FileRequest) -> str:
        return f"{count(asked.taken_count, 'file')}, {size(asked.taken_bytes)}"

    @admin.display(description="guests", ordering="guest_count")
    def senders(self, asked: Any) -> SafeString:
        rows = list_url("requests_guest", request__id__exact=asked.pk)
        return format_html('<a href="{}">{}</a>', rows, asked.guest_count)

    @admin.display(description="password", boolean=True)
    def has_password(self, asked: FileRequest) -> bool:
        return bool(asked.password)

    @admin.action(
        description="Close this request: it takes nothing new",
        description_plural="Close the selected requests",
        location=EVERYWHERE,
    )
    def close(self, request: HttpRequest, requests: QuerySet[FileRequest]) -> None:
        by = signed_in_user(request)
        self.act(request, requests.filter(closed_at=None), lambda asked: asked.close(by=by), done="closed")


@admin.register(Guest)
class GuestAdmin(RecordAdmin[Guest]):
    list_display = ("shown_label", "asked", "owner", "sent", "created_at")
    list_filter = ("created_at",)
    linked_lookups = ("request__id__exact",)
    date_hierarchy = "created_at"
    search_fields = ("name", "email", "request__title", "=request__public_id", "request__owner__email")
    search_help_text = (
        "A name or an e-mail address, as they gave it; a request's title or number, or its owner."
    )
    fields = ("name", "email", "asked", "owner", "created_at", "sent", "files")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guest]:
        guests = Guest.objects.select_related("request__owner")
        return guests.annotate(sent_count=Count("deliveries"))

    def subject_of(self, row: Guest) -> tuple[str, object]:
        """What happens to a guest stands with their request."""
        return "filerequest", row.request_id

    @admin.display(description="guest", ordering="name")
    def shown_label(self, guest: Guest) -> SafeString:
        return format_html("<bdi>{}</bdi>", visible(guest.label))

    @admin.display(description="request", ordering="request__title")
    def asked(self, guest: Guest) -> SafeString:
        return row_link(guest.request, visible(guest.request.title))

    @admin.display(description="owner", ordering="request__owner__email")
    def owner(self, guest: Guest) -> SafeString:
        return row_link(guest.request.owner, guest.request.owner.email)

    @admin.display(description="uploads", ordering="sent_count")
    def sent(self, guest: Any) -> int:
        return int(guest.sent_count)

    @admin.display(description="the latest")
    def files(self, guest: Guest) -> SafeString:
        latest = (upload.file for upload in guest.uploads()[:FILES_SHOWN])
        rows = ((row_link(file, visible(file.name)), size(file.size)) for file in latest)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} {}</li>", rows))
