"""The form for a direct URL's lifetime."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sharing.storage.presigning import MAX_URL_SECONDS

LIFETIMES = {"3600": _("1 hour"), "86400": _("1 day"), "604800": _("1 week")}
OWN = "own"


class DirectURLForm(forms.Form):
    """A preset, or any number of seconds; cleans to `lifetime` in seconds."""

    lasts = forms.ChoiceField(
        label=_("Works for"),
        choices=[*LIFETIMES.items(), (OWN, _("Custom"))],
        initial="3600",  # as `aws s3 presign` has it
    )
    seconds = forms.IntegerField(
        label=_("Seconds"),
        required=False,
        min_value=1,
        max_value=MAX_URL_SECONDS,
        initial=3600,
        help_text=_("1 to 604800 (a week), the longest that S3 allows."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lasts = cleaned.get("lasts", "")
        if lasts in LIFETIMES:
            cleaned["lifetime"] = int(lasts)
            self.errors.pop("seconds", None)  # not asked for
        elif cleaned.get("seconds"):
            cleaned["lifetime"] = cleaned["seconds"]
        elif "seconds" not in self.errors:
            self.add_error("seconds", gettext("Enter a number of seconds."))
        return cleaned
