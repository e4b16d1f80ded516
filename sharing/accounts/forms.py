"""Forms that create an account without allauth's sign-up, the profile's forms, and our labels on allauth's forms."""

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.utils import filter_users_by_email
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sharing.accounts.models import User
from sharing.accounts.size_field import SizeField
from sharing.mail.address import EmailField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

HELP_WITH_CHOOSING = _("At least 10 characters. A few unrelated words work well.")


def password_field(label: "str | _StrPromise") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=HELP_WITH_CHOOSING,
    )


def checked_password(password: str, *, email: str) -> str:
    """Return the password if it is good enough for the account of that address. Raises ValidationError."""
    get_adapter().clean_password(password, User(email=email))
    return password


class SetUpForm(forms.Form):
    email = EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = password_field(_("Password"))

    def clean_password(self) -> str:
        return checked_password(self.cleaned_data["password"], email=self.cleaned_data.get("email", ""))


class InvitedSignUpForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("People you send files to see this name. If it is empty, they see your email address."),
    )
    password = password_field(_("Password"))

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean_password(self) -> str:
        return checked_password(self.cleaned_data["password"], email=self._email)


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name",)
        labels: ClassVar = {"name": _("Your name")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class UserForm(forms.ModelForm[User]):
    """An operator's form for somebody's account. Its quota is typed as `20 GB`."""

    quota = SizeField(
        label=_("Own quota"),
        required=False,
        help_text=_("For example 20 GB. If it is empty, the site's default applies."),
    )

    class Meta:
        model = User
        fields = ("name", "quota", "is_active", "is_staff", "is_superuser")
        help_texts: ClassVar = {
            "name": _("People they send links to see this name. If it is empty, they see the email address."),
            "is_superuser": _("Can appoint staff and change other superusers."),
        }
        labels: ClassVar = {"is_superuser": _("Superuser")}


class AddUserForm(forms.ModelForm[User]):
    """An operator's form for a new account. Its owner chooses the password."""

    class Meta:
        model = User
        fields = ("email", "name")
        help_texts: ClassVar = {
            "name": _("People they send links to see this name. If it is empty, they see the email address."),
        }
        field_classes: ClassVar = {"email": EmailField}

    def clean_email(self) -> str:
        email = User.objects.normalize_email(self.cleaned_data["email"])
        if filter_users_by_email(email):
            raise forms.ValidationError(
                _("%(email)s already has an account."), code="taken", params={"email": email}
            )
        return email


class NoticesForm(forms.ModelForm[User]):
    """A switch for each kind of mail about a user's links and requests."""

    class Meta:
        model = User
        fields = (
            "wants_first_download",
            "wants_all_downloaded",
            "wants_not_downloaded",
            "wants_arrivals",
            "wants_reminders",
        )


class PlainWords:
    """Puts our labels on a form of allauth's, and removes placeholders, which vanish in typing."""

    labels: "ClassVar[dict[str, str | _StrPromise]]" = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name in [name for name, field in fields.items() if isinstance(field, forms.EmailField)]:
            fields[name] = EmailField(widget=fields[name].widget)
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
        if "password1" in fields:
            fields["password1"].help_text = HELP_WITH_CHOOSING


class LoginForm(PlainWords, allauth_forms.LoginForm):
    labels: ClassVar = {"login": _("Email address"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autofocus"] = True


class SignupForm(PlainWords, allauth_forms.SignupForm):
    def try_save(self, request: HttpRequest) -> Any:
        """Hash the password of an address that has an account, too: time must not tell that there is one."""
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)

    labels: ClassVar = {
        "email": _("Email address"),
        "password1": _("Password"),
        "password2": _("Repeat password"),
    }


class AddEmailForm(PlainWords, allauth_forms.AddEmailForm):
    labels: ClassVar = {"email": _("New email address")}


class ChangePasswordForm(PlainWords, allauth_forms.ChangePasswordForm):
    labels: ClassVar = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("Repeat new password"),
    }


class SetPasswordForm(PlainWords, allauth_forms.SetPasswordForm):
    labels: ClassVar = {"password1": _("Password"), "password2": _("Repeat password")}


class ResetPasswordForm(PlainWords, allauth_forms.ResetPasswordForm):
    labels: ClassVar = {"email": _("Email address")}


class ResetPasswordKeyForm(PlainWords, allauth_forms.ResetPasswordKeyForm):
    labels: ClassVar = {"password1": _("New password"), "password2": _("Repeat new password")}


class ReauthenticateForm(PlainWords, allauth_forms.ReauthenticateForm):
    labels: ClassVar = {"password": _("Password")}
