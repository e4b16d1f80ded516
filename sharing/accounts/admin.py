"""Users and invitations, for operators. Only a superuser appoints operators or changes a superuser."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import EmailField as EmailColumn
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sharing.accounts.errors import InvitationRefused
from sharing.accounts.http import signed_in_user
from sharing.accounts.models import Invitation, User
from sharing.audit.admin import EVERYWHERE, RecordAdmin, list_url, row_link, state_mark
from sharing.audit.record import record
from sharing.mail.address import EmailField
from sharing.wording import size

STANDING = ("is_active", "is_staff", "is_superuser")


@admin.register(User)
class UserAdmin(RecordAdmin[User]):
    list_display = ("email", "name", "state", "role", "used", "allowed", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined")
    date_hierarchy = "date_joined"
    search_fields = ("email", "name")
    search_help_text = "An e-mail address or a name."
    fieldsets = (
        (None, {"fields": ("email", "name", "state", "addresses", "see_also")}),
        ("Space", {"fields": ("used", "allowed", "quota")}),
        ("What they may do", {"fields": STANDING}),
        ("Times", {"fields": ("date_joined", "last_login")}),
    )
    actions = ("suspend", "restore")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self.admin_site.has_permission(request) and (
            obj is None or _may_change(signed_in_user(request), obj)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        shown = ("email", "state", "addresses", "see_also", "used", "allowed", "date_joined", "last_login")
        if request.user == obj:
            return (*shown, *STANDING)  # nobody locks themself out
        return shown if signed_in_user(request).is_superuser else (*shown, "is_staff", "is_superuser")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        """Write only what was changed: counters race. Suspending goes through its verb."""
        by = signed_in_user(request)
        fields = [name for name in form.changed_data if name != "is_active"]
        if fields:
            obj.save(update_fields=fields)
            record("user.changed", obj, by=by, fields=fields)
        if "is_active" in form.changed_data:
            (obj.restore if obj.is_active else obj.suspend)(by=by)

    @admin.display(description="state", ordering="is_active")
    def state(self, user: User) -> SafeString:
        return state_mark("good", "Active") if user.is_active else state_mark("suspended", "Suspended")

    @admin.display(description="role")
    def role(self, user: User) -> str | None:
        return "Superuser" if user.is_superuser else "Staff" if user.is_staff else None

    @admin.display(description="used", ordering="used_bytes")
    def used(self, user: User) -> str:
        return size(user.used_bytes)

    @admin.display(description="of", ordering="quota")
    def allowed(self, user: User) -> str:
        return size(user.quota_bytes) + (" (the site's own)" if user.quota is None else "")

    @admin.display(description="e-mail addresses")
    def addresses(self, user: User) -> SafeString:
        said = (
            (row.email, "confirmed" if row.verified else "not confirmed")
            for row in user.emailaddress_set.all()
        )
        return format_html_join(" · ", "<bdi>{}</bdi> ({})", said)

    @admin.display(description="see also")
    def see_also(self, user: User) -> SafeString:
        return format_html(
            '<a href="{}">Files</a> · <a href="{}">Links</a> · <a href="{}">Requests</a>'
            ' · <a href="{}">Everything they did</a>',
            list_url("files_file", owner__id__exact=user.pk),
            list_url("links_link", owner__id__exact=user.pk),
            list_url("requests_filerequest", owner__id__exact=user.pk),
            list_url("audit_event", actor__id__exact=user.pk),
        )

    @admin.action(
        description="Suspend: no sign-in, links stop",
        description_plural="Suspend the selected users",
        location=EVERYWHERE,
    )
    def suspend(self, request: HttpRequest, users: QuerySet[User]) -> None:
        by = signed_in_user(request)

        def verb(user: User) -> None:
            if user == by:
                raise PermissionDenied("you cannot suspend yourself.")
            _require_change(by, user)
            user.suspend(by=by)

        self.act(request, users.filter(is_active=True), verb, done="suspended")

    @admin.action(
        description="Restore: sign-in and links again",
        description_plural="Restore the selected users",
        location=EVERYWHERE,
    )
    def restore(self, request: HttpRequest, users: QuerySet[User]) -> None:
        by = signed_in_user(request)

        def verb(user: User) -> None:
            _require_change(by, user)
            user.restore(by=by)

        self.act(request, users.filter(is_active=False), verb, done="restored")


def _may_change(operator: User, user: User) -> bool:
    return operator.is_superuser or not user.is_superuser


def _require_change(operator: User, user: User) -> None:
    if not _may_change(operator, user):
        raise PermissionDenied("only a superuser changes a superuser.")


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin[Invitation]):
    list_display = ("email", "state", "inviter", "created_at", "expires_at", "accepted_at")
    list_select_related = ("invited_by",)
    list_filter = ("created_at", ("accepted_at", admin.EmptyFieldListFilter))
    date_hierarchy = "created_at"
    search_fields = ("email", "invited_by__email")
    search_help_text = "Who was invited, or by whom."
    readonly_fields = ("state", "inviter", "created_at", "expires_at", "accepted_at")
    formfield_overrides: ClassVar = {EmailColumn: {"form_class": EmailField}}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return settings.SIGNUP != "closed" and self.admin_site.has_permission(request)

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> tuple[str, ...]:
        return ("email", *self.readonly_fields) if obj else ("email",)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except InvitationRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect(request.get_full_path())

    def save_model(
        self, request: HttpRequest, obj: Invitation, form: ModelForm[Invitation], change: bool
    ) -> None:
        obj.pk = Invitation.objects.invite(obj.email, by=signed_in_user(request)).pk

    @admin.display(description="state")
    def state(self, invitation: Invitation) -> SafeString:
        if invitation.accepted_at:
            return state_mark("good", "Accepted")
        return state_mark("arriving", "Open") if invitation.is_open else state_mark("expired", "Closed")

    @admin.display(description="invited by", ordering="invited_by__email")
    def inviter(self, invitation: Invitation) -> SafeString:
        return row_link(invitation.invited_by, invitation.invited_by.email)
