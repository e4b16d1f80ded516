"""The form by which staff change settings at run time, and each setting's way back to the environment's value."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing.accounts.size_field import SizeField
from sharing.addresses.expiry import NO_END, PRESETS
from sharing.audit.record import record
from sharing.environment_values import MAX_SITE_NAME
from sharing.site.current import MAX_EXPIRY_DAYS, site
from sharing.site.models import SiteSetting
from sharing.wording import one_line, plain_lines, size

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from sharing.accounts.models import User

SIGNUP_CHOICES = [
    ("open", gettext_lazy("Open: anyone can create an account")),
    ("invite", gettext_lazy("By invitation: people whom staff invite or add")),
    ("closed", gettext_lazy("Closed: only people whom staff add")),
]
EXPIRY_CHOICES = [
    *((key, label) for key, (label, _life) in PRESETS.items()),
    (NO_END, gettext_lazy("No expiry")),
]


def web_address(label: "_StrPromise") -> forms.URLField:
    """Return a field for the address of a page, which becomes a link at the foot of pages and mails."""
    words = gettext_lazy("Enter an address that begins with https:// or http://.")
    field = forms.URLField(
        label=label,
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": words},
        help_text=gettext_lazy("The address of the page. It is named at the foot of pages and emails."),
    )
    field.validators = [URLValidator(schemes=["http", "https"], message=words)]
    return field


class SiteForm(forms.Form):
    """Its fields have the names of the environment's variables. Only what somebody changed is saved."""

    SITE_NAME = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=MAX_SITE_NAME,
        help_text=gettext_lazy("What pages and emails call this site."),
    )
    ACCENT_COLOUR = forms.RegexField(
        regex=r"^#[0-9a-fA-F]{6}$",
        label=gettext_lazy("Accent colour"),
        required=False,
        error_messages={"invalid": gettext_lazy("Enter a colour such as #1d4ed8.")},
        help_text=gettext_lazy(
            "Of buttons and marks, for example #1d4ed8. It is made darker on light pages and lighter on dark ones "
            "where text could not be read otherwise."
        ),
    )
    GREETING = forms.CharField(
        label=gettext_lazy("Greeting"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Shown where people sign in, for example whom to ask for an account."),
    )
    IMPRINT_URL = web_address(gettext_lazy("Imprint"))
    PRIVACY_URL = web_address(gettext_lazy("Privacy notice"))
    ABUSE_URL = web_address(gettext_lazy("Report abuse"))
    SIGNUP = forms.ChoiceField(label=gettext_lazy("Sign-up"), choices=SIGNUP_CHOICES)
    USER_QUOTA = SizeField(
        label=gettext_lazy("Default quota"),
        help_text=gettext_lazy("For example 20 GB. It applies to everyone who has no quota of their own."),
    )
    DEFAULT_EXPIRY = forms.ChoiceField(
        label=gettext_lazy("Default expiry"),
        choices=EXPIRY_CHOICES,
        help_text=gettext_lazy("Of new links, unless a user's own default says otherwise."),
    )
    LONGEST_EXPIRY_DAYS = forms.IntegerField(
        label=gettext_lazy("Longest expiry, in days"),
        required=False,
        min_value=1,
        max_value=MAX_EXPIRY_DAYS,
        help_text=gettext_lazy(
            "New links and requests must expire within so many days. If it is empty, links need no expiry."
        ),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={name: current_value(name) or None for name in self.base_fields})
        # The browser sends back what its page was made with, so what somebody else changed meanwhile stays.
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean_SITE_NAME(self) -> str:  # noqa: N802 (Django's name for it)
        """Return it without characters that hide others: it stands in the From of mails."""
        name = one_line(self.cleaned_data["SITE_NAME"])
        if not name:
            raise ValidationError(_("Enter a name that can be seen."))
        return name

    def clean_ACCENT_COLOUR(self) -> str:  # noqa: N802
        return str(self.cleaned_data["ACCENT_COLOUR"]).lower()

    def clean_GREETING(self) -> str:  # noqa: N802
        return plain_lines(self.cleaned_data["GREETING"])

    def clean_LONGEST_EXPIRY_DAYS(self) -> int:  # noqa: N802
        return self.cleaned_data["LONGEST_EXPIRY_DAYS"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        preset, longest = cleaned.get("DEFAULT_EXPIRY"), cleaned.get("LONGEST_EXPIRY_DAYS")
        if preset and longest and not _fits(preset, longest):
            self.add_error(
                "DEFAULT_EXPIRY",
                _("This is longer than the longest expiry. Choose a shorter one, or allow more days."),
            )
        return cleaned

    def save(self, *, by: "User") -> None:
        """Save each value that differs, with an event."""
        with transaction.atomic():
            for name in self.changed_data:
                before, after = current_value(name), self.cleaned_data[name]
                row, _made = SiteSetting.objects.update_or_create(
                    name=name,
                    defaults={"value": after, "changed_by": by.email, "changed_at": timezone.now()},
                )
                record("site.changed", row, by=by, before=before, after=after)
        site.forget()


@dataclass(frozen=True)
class FieldWithOrigin:
    """A field of the form. `origin` says in words where the value comes from, `reset` what the way back leads to."""

    field: forms.BoundField
    origin: str
    reset: str


def fields_with_origins(form: SiteForm) -> list[FieldWithOrigin]:
    """Return the form's fields in their order. Takes one query."""
    changed = {row.name: row for row in SiteSetting.objects.all()}
    return [
        FieldWithOrigin(field, _origin(field.name, changed.get(field.name)), _reset(field.name, changed))
        for field in form
    ]


def reset(name: str, *, by: "User") -> None:
    """Go back to the environment's value of a setting. Safe to repeat."""
    with transaction.atomic():
        row = SiteSetting.objects.filter(name=name).first()
        if row:
            record("site.reset", row, by=by, before=row.value)
            row.delete()
    site.forget()


def current_value(name: str) -> Any:
    """Return the value that applies now, as the form has it."""
    return site.changed[name] if name in site.changed else _from_environment(name)


def in_words(name: str, value: Any) -> str:
    """Return a setting's value for people."""
    field = SiteForm.base_fields[name]
    if isinstance(field, SizeField):
        return size(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return str(value or "—")


def _from_environment(name: str) -> Any:
    value = getattr(settings, name)
    if name == "LONGEST_EXPIRY_DAYS" and not (value or settings.LINKS_MAY_LIVE_FOREVER):
        return MAX_EXPIRY_DAYS
    return value


def _origin(name: str, row: SiteSetting | None) -> str:
    if row:
        return _("Changed here by %(who)s on %(when)s UTC.") % {
            "who": row.changed_by,
            "when": date_format(row.changed_at, "j M Y, H:i"),
        }
    if name in settings.ENVIRONMENT.model_fields_set:
        return _("Set in the environment by %(name)s.") % {"name": name}
    return _("Built in.")


def _reset(name: str, changed: dict[str, SiteSetting]) -> str:
    if name not in changed:
        return ""
    words: str | Promise = (
        _("Back to the environment's value: %(value)s")
        if name in settings.ENVIRONMENT.model_fields_set
        else _("Back to the built-in value: %(value)s")
    )
    return words % {"value": in_words(name, _from_environment(name))}


def _fits(preset: str, longest: int) -> bool:
    return preset in PRESETS and PRESETS[preset][1].total_seconds() <= longest * 86400
