"""Users and invitations, for operators. Only a superuser appoints operators or changes a superuser."""

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import EmailField as EmailColumn
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from sharing.accounts.errors import InvitationRefused
from sharing.accounts.forms import AddUserForm, UserForm
from sharing.accounts.http import signed_in_user
from sharing.accounts.models import Invitation, User
from sharing.accounts.password_link import make_password_link
from sharing.audit.admin import EVERYWHERE, RecordAdmin, list_url, row_link, state_mark
from sharing.audit.record import record
from sharing.mail.address import EmailField
from sharing.mail.outbox import is_mail_server_set
from sharing.site.current import site
from sharing.wording import size

STANDING = ("is_active", "is_staff", "is_superuser")


@admin.register(User)
class UserAdmin(RecordAdmin[User]):
    list_display = ("email", "name", "state", "role", "storage", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined")
    date_hierarchy = "date_joined"
    search_fields = ("email", "name")
    search_help_text = gettext_lazy("Search by email address or name.")
    fieldsets = (
        (None, {"fields": ("email", "name", "state", "addresses", "see_also")}),
        (gettext_lazy("Storage"), {"fields": ("used", "allowed", "quota")}),
        (gettext_lazy("Permissions"), {"fields": STANDING}),
        (gettext_lazy("Dates"), {"fields": ("date_joined", "last_login")}),
    )
    actions = ("make_password_link", "confirm_email", "suspend", "restore")
    form = UserForm
    empty_text = gettext_lazy("No users yet. Add one, or invite people.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[User]]:
        return super().get_form(request, obj, change, **kwargs) if obj else AddUserForm

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else ((None, {"fields": ("email", "name")}),)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the link by which the new user chooses a password: there is none yet."""
        self.message_user(request, _("%(email)s has been added.") % {"email": obj.email}, messages.SUCCESS)
        return self._password_link(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self.admin_site.has_permission(request) and (
            obj is None or _may_change(signed_in_user(request), obj)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        shown = ("email", "state", "addresses", "see_also", "used", "allowed", "date_joined", "last_login")
        if obj is None:
            return ()
        if request.user == obj:
            return (*shown, *STANDING)  # nobody locks themself out
        return shown if signed_in_user(request).is_superuser else (*shown, "is_staff", "is_superuser")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        """Write only what was changed: counters race. Suspending goes through its verb."""
        by = signed_in_user(request)
        if not change:
            obj.pk = User.objects.create_verified(obj.email, name=obj.name, by=by).pk
            obj.refresh_from_db()
            return
        fields = [name for name in form.changed_data if name != "is_active"]
        if fields:
            obj.save(update_fields=fields)
            record("user.changed", obj, by=by, fields=fields)
        if "is_active" in form.changed_data:
            (obj.restore if obj.is_active else obj.suspend)(by=by)

    @admin.display(description=gettext_lazy("state"), ordering="is_active")
    def state(self, user: User) -> SafeString:
        return state_mark("good", _("Active")) if user.is_active else state_mark("suspended", _("Suspended"))

    @admin.display(description=gettext_lazy("role"))
    def role(self, user: User) -> str | None:
        return _("Superuser") if user.is_superuser else _("Staff") if user.is_staff else None

    @admin.display(description=gettext_lazy("storage"), ordering="used_bytes")
    def storage(self, user: User) -> str:
        return _("%(used)s of %(quota)s") % {"used": size(user.used_bytes), "quota": size(user.quota_bytes)}

    @admin.display(description=gettext_lazy("used"), ordering="used_bytes")
    def used(self, user: User) -> str:
        return size(user.used_bytes)

    @admin.display(description=gettext_lazy("quota"), ordering="quota")
    def allowed(self, user: User) -> str:
        if user.quota is None:
            return _("%(size)s (default)") % {"size": size(user.quota_bytes)}
        return size(user.quota_bytes)

    @admin.display(description=gettext_lazy("email addresses"))
    def addresses(self, user: User) -> SafeString:
        said = (
            (row.email, _("confirmed") if row.verified else _("not confirmed"))
            for row in user.emailaddress_set.all()
        )
        return format_html_join(" · ", "<bdi>{}</bdi> ({})", said)

    @admin.display(description=gettext_lazy("see also"))
    def see_also(self, user: User) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a> · <a href="{}">{}</a> · <a href="{}">{}</a>',
            *(list_url("files_file", owner__id__exact=user.pk), _("Files")),
            *(list_url("links_link", owner__id__exact=user.pk), _("Links")),
            *(list_url("requests_filerequest", owner__id__exact=user.pk), _("Requests")),
            *(list_url("audit_event", actor__id__exact=user.pk), _("Activity")),
        )

    @admin.action(
        description=gettext_lazy("Create a link to choose a new password"),
        location=admin.ActionLocation.CHANGE_FORM,
    )
    def make_password_link(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        try:
            return self._password_link(request, users.get())
        except PermissionDenied as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None

    def _password_link(self, request: HttpRequest, user: User) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Link to choose a password"),
            "opts": self.opts,
            "person": user,
            "address": make_password_link(user, by=signed_in_user(request)),
        }
        return TemplateResponse(request, "admin/accounts/user/password_link.html", context)

    @admin.action(
        description=gettext_lazy("Confirm this user's email address"),
        description_plural=gettext_lazy("Confirm the selected users' email addresses"),
        location=EVERYWHERE,
    )
    def confirm_email(self, request: HttpRequest, users: QuerySet[User]) -> None:
        by = signed_in_user(request)

        def verb(user: User) -> None:
            _require_change(by, user)
            user.confirm_email(by=by)

        confirmed = EmailAddress.objects.filter(verified=True, primary=True).values("user")
        self.act(
            request,
            users.exclude(pk__in=confirmed),
            verb,
            done=ngettext_lazy("%(n)s email address confirmed.", "%(n)s email addresses confirmed.", "n"),
            none=_("All of these are confirmed already."),
        )

    @admin.action(
        description=gettext_lazy("Suspend this user: no sign-in, and links stop working"),
        description_plural=gettext_lazy("Suspend the selected users"),
        location=EVERYWHERE,
    )
    def suspend(self, request: HttpRequest, users: QuerySet[User]) -> None:
        by = signed_in_user(request)

        def verb(user: User) -> None:
            if user == by:
                raise PermissionDenied(_("You can't suspend yourself."))
            _require_change(by, user)
            user.suspend(by=by)

        self.act(
            request,
            users.filter(is_active=True),
            verb,
            done=ngettext_lazy("%(n)s user suspended.", "%(n)s users suspended.", "n"),
            none=_("None of these can be suspended."),
        )

    @admin.action(
        description=gettext_lazy("Restore this user: sign-in and links work again"),
        description_plural=gettext_lazy("Restore the selected users"),
        location=EVERYWHERE,
    )
    def restore(self, request: HttpRequest, users: QuerySet[User]) -> None:
        by = signed_in_user(request)

        def verb(user: User) -> None:
            _require_change(by, user)
            user.restore(by=by)

        self.act(
            request,
            users.filter(is_active=False),
            verb,
            done=ngettext_lazy("%(n)s user restored.", "%(n)s users restored.", "n"),
            none=_("None of these is suspended."),
        )


def _may_change(operator: User, user: User) -> bool:
    return operator.is_superuser or not user.is_superuser


def _require_change(operator: User, user: User) -> None:
    if not _may_change(operator, user):
        raise PermissionDenied(_("Only a superuser can change a superuser."))


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin[Invitation]):
    list_display = ("email", "state", "inviter", "created_at", "expires_at", "accepted_at")
    list_select_related = ("invited_by",)
    list_filter = ("created_at", ("accepted_at", admin.EmptyFieldListFilter))
    date_hierarchy = "created_at"
    search_fields = ("email", "invited_by__email")
    search_help_text = gettext_lazy("Search by who was invited, or who invited them.")
    readonly_fields = ("state", "inviter", "created_at", "expires_at", "accepted_at")
    formfield_overrides: ClassVar = {EmailColumn: {"form_class": EmailField}}
    empty_text = gettext_lazy("No invitations yet. Invite somebody by email, or copy a link for them.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return site.signup != "closed" and self.admin_site.has_permission(request)

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("email",)
        # Whoever has it opens the account, so it is shown to those alone who may send it.
        can_send = obj.is_open and (obj.invited_by == request.user or signed_in_user(request).is_superuser)
        return ("email", *(["address"] if can_send else []), *self.readonly_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Invitation | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "address")

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

    def response_add(
        self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go to the invitation's page, which has the link."""
        words = (
            _("We're emailing an invitation to %(email)s. You can also copy the link.")
            if is_mail_server_set()
            else _(
                "Invitation for %(email)s created. There is no mail server, so copy the link and send it yourself."
            )
        )
        self.message_user(request, words % {"email": obj.email}, messages.SUCCESS)
        return redirect("admin:accounts_invitation_change", obj.pk)

    @admin.display(description=gettext_lazy("link"))
    def address(self, invitation: Invitation) -> SafeString:
        context = {"address": invitation.url, "label": _("Link of the invitation")}
        return render_to_string("admin/copy_link.html", context)

    @admin.display(description=gettext_lazy("state"))
    def state(self, invitation: Invitation) -> SafeString:
        if invitation.accepted_at:
            return state_mark("good", _("Accepted"))
        if invitation.is_open:
            return state_mark("arriving", _("Open"))
        return state_mark("expired", _("No longer valid"))

    @admin.display(description=gettext_lazy("invited by"), ordering="invited_by__email")
    def inviter(self, invitation: Invitation) -> SafeString:
        return row_link(invitation.invited_by, invitation.invited_by.email)
