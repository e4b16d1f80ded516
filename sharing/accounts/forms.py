"""Forms that create an account without allauth's sign-up, the profile's forms, and our labels on allauth's forms."""

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest

from sharing.accounts.models import User
from sharing.mail.address import EmailField

HELP_WITH_CHOOSING = "At least 10 characters; a few words that only you would put together are fine."


def password_field(label: str) -> forms.CharField:
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
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = password_field("Password")

    def clean_password(self) -> str:
        return checked_password(self.cleaned_data["password"], email=self.cleaned_data.get("email", ""))


class InvitedSignUpForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="Shown to the people you send files to. Left empty, they see your e-mail address.",
    )
    password = password_field("Password")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean_password(self) -> str:
        return checked_password(self.cleaned_data["password"], email=self._email)


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name",)
        labels = {"name": "Your name"}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


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

    labels: ClassVar[dict[str, str]] = {}

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
    labels: ClassVar = {"login": "E-mail address", "password": "Password"}


class SignupForm(PlainWords, allauth_forms.SignupForm):
    def try_save(self, request: HttpRequest) -> Any:
        """Hash the password of an address that has an account, too: time must not tell that there is one."""
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)

    labels: ClassVar = {
        "email": "E-mail address",
        "password1": "Password",
        "password2": "Password, once more",
    }


class AddEmailForm(PlainWords, allauth_forms.AddEmailForm):
    labels: ClassVar = {"email": "New address"}


class ChangePasswordForm(PlainWords, allauth_forms.ChangePasswordForm):
    labels: ClassVar = {
        "oldpassword": "Current password",
        "password1": "New password",
        "password2": "New password, once more",
    }


class SetPasswordForm(PlainWords, allauth_forms.SetPasswordForm):
    labels: ClassVar = {"password1": "Password", "password2": "Password, once more"}


class ResetPasswordForm(PlainWords, allauth_forms.ResetPasswordForm):
    labels: ClassVar = {"email": "E-mail address"}


class ResetPasswordKeyForm(PlainWords, allauth_forms.ResetPasswordKeyForm):
    labels: ClassVar = {"password1": "New password", "password2": "New password, once more"}


class ReauthenticateForm(PlainWords, allauth_forms.ReauthenticateForm):
    labels: ClassVar = {"password": "Password"}
