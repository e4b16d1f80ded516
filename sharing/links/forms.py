"""What a sender decides about a link."""

from typing import Any

from django import forms

from sharing.links.errors import InvalidExpiry
from sharing.links.expiry import DEFAULT_PRESET, PRESETS, check_expiry, expiry_of

ON_A_DATE = "date"


class ExpiryForm(forms.Form):
    """A preset, or a date and time; cleans to `expires_at`. The time is UTC unless the page's script says otherwise."""

    expiry = forms.ChoiceField(
        label="Collect before",
        choices=[*((key, label) for key, (label, _) in PRESETS.items()), (ON_A_DATE, "A date")],
        initial=DEFAULT_PRESET,
    )
    expires_on = forms.DateTimeField(
        label="Date and time (UTC)",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        preset = cleaned.get("expiry", "")
        if preset == ON_A_DATE and not cleaned.get("expires_on"):
            if "expires_on" not in self.errors:
                self.add_error("expires_on", "Choose the date and time at which the link stops.")
        elif preset:
            try:
                moment = cleaned["expires_on"] if preset == ON_A_DATE else expiry_of(preset)
                check_expiry(moment)
                cleaned["expires_at"] = moment
            except InvalidExpiry as error:
                self.add_error("expires_on", str(error))
        return cleaned


class LinkForm(ExpiryForm):
    """A new link."""

    title = forms.CharField(label="Title", max_length=200, required=False)
    message = forms.CharField(
        label="Message", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
