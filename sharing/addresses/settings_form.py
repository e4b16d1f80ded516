"""The settings of a link or a request: one form, which changes each rule that was filled in anew."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sharing.addresses.forms import AddressForm, ExpiryForm, NameForm, PasswordForm
from sharing.addresses.protected_address import ProtectedAddress

if TYPE_CHECKING:
    from sharing.accounts.models import User

KEEP = "keep"


class SettingsForm[Subject: ProtectedAddress](AddressForm[Subject], ExpiryForm, PasswordForm, NameForm):
    """Base of the settings of links and of requests. `field_order` is the order on the page.

    A rule that is not sent stays as it is; so does the password while its field is empty.
    """

    key = "settings"
    success_message = _("Settings saved.")

    remove_password = forms.BooleanField(label=_("Remove password"), required=False)

    def __init__(self, data: Any = None, *, subject: Subject) -> None:
        super().__init__(data, subject=subject)
        expiry: Any = self.fields["expiry"]
        expiry.choices = [(KEEP, _("Keep")), *expiry.choices]
        if self.is_bound:
            for name, field in self.fields.items():
                field.required = field.required and name in self.data

    def current(self, subject: Subject) -> dict[str, Any]:
        return {"expiry": KEEP, "name": subject.slug}

    def clean_expiry(self) -> str:
        """Return "" for an expiry that stays: `ExpiryForm.clean` looks at what is chosen."""
        chosen: str = self.cleaned_data["expiry"]
        return "" if chosen == KEEP else chosen

    def is_valid(self) -> bool:
        """Return False if something is refused; the first of it then takes the focus when the page has loaded."""
        valid = super().is_valid()
        if self.wrong_fields:
            self.wrong_fields[0].field.widget.attrs["autofocus"] = True
        return valid

    @property
    def wrong_fields(self) -> list[forms.BoundField]:
        """Return the fields that were refused, in their order on the page."""
        return [field for field in self if field.errors]

    @property
    def failure_message(self) -> str:
        """Return what the top of the page says when something was refused."""
        labels = ", ".join(str(field.label) for field in self.wrong_fields)
        return gettext("Not saved. Please check: %(fields)s.") % {"fields": labels}

    @property
    def rules(self) -> dict[str, Any]:
        """Return the rules that were filled in, as the subject's `change_rules` takes them. For a valid form."""
        data = self.cleaned_data
        rules = self._sent({"name": data["name"]})
        if "expires_at" in data:
            rules["expires_at"] = data["expires_at"]
        if data["remove_password"]:
            rules["password"] = ""
        elif data["password"]:
            rules["password"] = data["password"]
        return rules

    def save(self, *, by: "User") -> None:
        self.subject.change_rules(self.rules, by=by)

    def _sent(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of the values whose fields were sent."""
        return {name: value for name, value in values.items() if name in self.data}
