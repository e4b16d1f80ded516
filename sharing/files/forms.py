"""The form for a direct URL's lifetime."""

from typing import Any

from django import forms

from sharing.storage.presigning import MAX_URL_SECONDS

LIFETIMES = {"3600": "1 hour", "86400": "1 day", "604800": "1 week"}
OWN = "own"


class DirectURLForm(forms.Form):
    """A preset, or any number of seconds; cleans to `lifetime` in seconds."""

    lasts = forms.ChoiceField(
        label="It works for",
        choices=[*LIFETIMES.items(), (OWN, "In seconds")],
        initial="3600",  # as `aws s3 presign` has it
    )
    seconds = forms.IntegerField(
        label="Seconds",
        required=False,
        min_value=1,
        max_value=MAX_URL_SECONDS,
        initial=3600,
        help_text=f"1 to {MAX_URL_SECONDS}, which is a week: S3 allows no more.",
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
            self.add_error("seconds", "Say for how many seconds.")
        return cleaned
