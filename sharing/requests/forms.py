"""Forms in which an owner decides about a request, and in which its guests say who they are."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sharing.addresses import settings_form as addresses
from sharing.addresses.forms import ExpiryForm, NameForm, PasswordForm
from sharing.addresses.passwords import MAX_PASSWORD_LENGTH
from sharing.mail.address import MAX_EMAIL, EmailField
from sharing.requests.errors import InvalidKinds
from sharing.requests.kinds import parse_kinds
from sharing.requests.models import FileRequest, Guest
from sharing.wording import one_line

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MEGABYTE = 1000**2
MAX_MEGABYTES = 1_000_000_000


def _megabytes(label: "StrOrPromise") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=MAX_MEGABYTES)


class LimitsForm(forms.Form):
    """The kinds, number and sizes of files that are taken; cleans to `limits`."""

    kinds = forms.CharField(
        label=_("File types"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "pdf, docx, image/*"}),
    )
    file_limit = forms.IntegerField(
        label=_("Number of files"), required=False, min_value=1, max_value=1_000_000
    )
    size_limit = _megabytes(_("MB per file"))
    total_limit = _megabytes(_("MB in total"))

    def clean_kinds(self) -> str:
        try:
            return parse_kinds(self.cleaned_data["kinds"])
        except InvalidKinds as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def limits(self) -> dict[str, Any]:
        """The fields of a request that are limits. Sizes are in bytes."""
        data = self.cleaned_data
        sizes = {name: data[name] and data[name] * MEGABYTE for name in ("size_limit", "total_limit")}
        return {"kinds": data["kinds"], "file_limit": data["file_limit"], **sizes}

    @property
    def limit_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in LimitsForm.base_fields]


class WordsForm(forms.Form):
    """Title and message for guests, and whether they give name and e-mail; cleans to `words`."""

    title = forms.CharField(label=_("What you need"), max_length=200)
    message = forms.CharField(
        label=_("Message"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    name_asked = forms.ChoiceField(
        label=_("Name"), choices=FileRequest.Asked.choices, initial=FileRequest.Asked.REQUIRED
    )
    email_asked = forms.ChoiceField(
        label=_("Email"), choices=FileRequest.Asked.choices, initial=FileRequest.Asked.OPTIONAL
    )

    @property
    def words(self) -> dict[str, str]:
        """The fields of a request that are words."""
        return {name: self.cleaned_data[name] for name in WordsForm.base_fields}

    @property
    def word_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in WordsForm.base_fields]


class EndForm(ExpiryForm):
    """The end of a request; cleans to `expires_at`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expiry"].label = _("Open until")


class RequestForm(EndForm, LimitsForm, PasswordForm, NameForm, WordsForm):
    """A new request."""

    @property
    def fields_of_request(self) -> dict[str, Any]:
        """Return all fields, as `FileRequest.objects.make` takes them."""
        decided = {name: self.cleaned_data[name] for name in ("expires_at", "password", "name")}
        return {**self.words, **self.limits, **decided}


class SettingsForm(addresses.SettingsForm[FileRequest], EndForm, LimitsForm, WordsForm):
    field_order = (
        *WordsForm.base_fields,
        *EndForm.base_fields,
        *LimitsForm.base_fields,
        *("password", "remove_password", "name"),
    )

    def current(self, subject: FileRequest) -> dict[str, Any]:
        sizes = {name: getattr(subject, name) for name in ("size_limit", "total_limit")}
        return super().current(subject) | {
            **{name: getattr(subject, name) for name in WordsForm.base_fields},
            **{name: size // MEGABYTE if size else None for name, size in sizes.items()},
            "kinds": subject.kinds,
            "file_limit": subject.file_limit,
        }

    @property
    def rules(self) -> dict[str, Any]:
        return super().rules | self._sent(self.words) | self._sent(self.limits)


class GuestForm(forms.Form):
    """Password, name and e-mail, as far as the request asks for them and they are not known yet."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=MAX_PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = EmailField(
        label=_("Your email"),
        max_length=MAX_EMAIL,
        # As type=email a browser would refuse what is tidied here, such as a full stop at the end.
        widget=forms.TextInput(
            attrs={
                "autocomplete": "email",
                "inputmode": "email",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, file_request: FileRequest, guest: Guest | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not file_request.password:
            del self.fields["password"]
        for name, how in (("name", file_request.name_asked), ("email", file_request.email_asked)):
            if guest or how == FileRequest.Asked.OFF:
                del self.fields[name]
            else:
                self.fields[name].required = how == FileRequest.Asked.REQUIRED

    def clean_name(self) -> str:
        """Return the name in one line: it goes into mails."""
        name = one_line(self.cleaned_data["name"])
        if not name and self.fields["name"].required:
            raise forms.ValidationError(gettext("Enter your name."))
        return name

    @property
    def said(self) -> dict[str, str]:
        """Return name and e-mail as fields of a Guest."""
        return {name: value for name, value in self.cleaned_data.items() if name != "password"}
