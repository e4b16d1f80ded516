"""Forms for the rules that links and requests share, and the base of every form on a page of one of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.addresses import expiry
from sharing.addresses.errors import InvalidExpiry, InvalidPassword, InvalidSlug
from sharing.addresses.passwords import MAX_PASSWORD_LENGTH, parse_password
from sharing.addresses.protected_address import ProtectedAddress
from sharing.addresses.slugs import MAX_SLUG_LENGTH, parse_slug

if TYPE_CHECKING:
    from sharing.accounts.models import User

ON_A_DATE = "date"
# The name that is typed may be longer than the slug that is made of it.
MAX_NAME_LENGTH = 2 * MAX_SLUG_LENGTH


class AddressForm[Subject: ProtectedAddress](forms.Form):
    """Changes its `subject`, a link or a request, by `save()`. Several of them stand on the subject's page.

    Unbound, it shows what holds now, as far as `current()` says.
    """

    # Its name in the context of the page.
    key: ClassVar[str]

    def __init__(self, data: Any = None, *, subject: Subject) -> None:
        super().__init__(data, initial=self.current(subject))
        self.subject = subject

    def current(self, subject: Subject) -> dict[str, Any]:
        """Return the initial values: what the subject has now."""
        return {}

    def save(self, *, by: "User") -> object:
        """Call the subject's verb with what was typed. For a valid form."""
        raise NotImplementedError


def forms_by_key(
    form_classes: Iterable[type[AddressForm[Any]]],
    subject: ProtectedAddress,
    refused: AddressForm[Any] | None,
) -> dict[str, AddressForm[Any]]:
    """Return the forms of a page by their keys. A refused one stands in its place, with what was typed in it."""
    shown = {
        form.key: form(subject=subject) for form in form_classes if not (refused and form.key == refused.key)
    }
    return {**shown, refused.key: refused} if refused else shown


class ExpiryForm(forms.Form):
    """A preset, or a date and time; cleans to `expires_at`. The time is UTC unless the page's script says otherwise."""

    expiry = forms.ChoiceField(label=gettext_lazy("Available until"), initial=expiry.default_preset)
    expires_on = forms.DateTimeField(
        label=gettext_lazy("Date and time (UTC)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expiry"].choices = [*expiry.choices(), (ON_A_DATE, _("Choose a date"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        preset = cleaned.get("expiry", "")
        if preset == ON_A_DATE and not cleaned.get("expires_on"):
            if "expires_on" not in self.errors:
                self.add_error("expires_on", _("Choose a date and time."))
        elif preset:
            try:
                moment = cleaned["expires_on"] if preset == ON_A_DATE else expiry.expiry_of(preset)
                expiry.check_expiry(moment)
                cleaned["expires_at"] = moment
            except InvalidExpiry as error:
                self.add_error("expires_on", str(error))
        return cleaned


class PasswordForm(forms.Form):
    """A password in clear, since its owner has to tell it to somebody; "" for none."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        max_length=MAX_PASSWORD_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "auto"}
        ),
    )

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        try:
            return parse_password(typed) if typed else ""
        except InvalidPassword as error:
            raise forms.ValidationError(str(error)) from error


class NameForm(forms.Form):
    """A name from which the slug of an address is made; cleans to that slug."""

    name = forms.CharField(
        label=gettext_lazy("Link name"),
        required=False,
        max_length=MAX_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "quarterly-report"}),
    )

    def clean_name(self) -> str:
        try:
            return parse_slug(self.cleaned_data["name"])
        except InvalidSlug as error:
            raise forms.ValidationError(str(error)) from error
