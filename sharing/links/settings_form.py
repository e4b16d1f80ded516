"""The settings of a link that exists: one form, of which each rule is changed only where it was filled in anew."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sharing.addresses.forms import ExpiryForm, NameForm, PasswordForm, RuleForm
from sharing.links.forms import ANY_NUMBER, ONCE, SO_MANY, CardForm, LimitForm, WordsForm
from sharing.links.models import Link

if TYPE_CHECKING:
    from sharing.accounts.models import User

KEEP = "keep"
ON, OFF = "on", "off"
TEXTS = ("title", "message")


class SettingsForm(RuleForm[Link], ExpiryForm, LimitForm, PasswordForm, CardForm, NameForm, WordsForm):
    """A rule of which nothing is said stays as it is; so does the password while its field is empty."""

    rule = "settings"
    success_message = _("Settings saved.")

    remove_password = forms.BooleanField(label=_("Remove password"), required=False)
    code = forms.ChoiceField(
        label=_("Emailed code"),
        choices=[(OFF, _("Off")), (ON, _("Required"))],
        required=False,
        help_text=_(
            "Required: only people you email this link to can open it, each with a code sent to their address. "
            "A forwarded email opens nothing."
        ),
    )
    previews = forms.ChoiceField(
        label=_("Previews"),
        choices=[(ON, _("On")), (OFF, _("Off"))],
        required=False,
        help_text=_(
            "Images, video, audio, PDF and text open before downloading, unless downloads are limited."
        ),
    )

    def __init__(self, data: Any = None, *, subject: Link) -> None:
        super().__init__(data, subject=subject)
        for rule in ("expiry", "limit", "card_shows"):
            self.fields[rule].required = False
        expiry: Any = self.fields["expiry"]
        expiry.choices = [(KEEP, _("Keep")), *expiry.choices]

    def current(self, subject: Link) -> dict[str, Any]:
        limit = subject.download_limit
        chosen = ANY_NUMBER if limit is None else ONCE if limit == 1 else SO_MANY
        return {
            "title": subject.title,
            "message": subject.message,
            "expiry": KEEP,
            "limit": chosen,
            "limit_number": limit if chosen == SO_MANY else None,
            "code": ON if subject.asks_for_code else OFF,
            "previews": ON if subject.previews_allowed else OFF,
            "card_shows": subject.card_shows,
            "name": subject.slug,
        }

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
        return [self[name] for name in PLACES if name in self.errors]

    @property
    def failure_message(self) -> str:
        """Return what the top of the page says when something was refused."""
        labels = ", ".join(str(field.label) for field in self.wrong_fields)
        return gettext("Not saved. Please check: %(fields)s.") % {"fields": labels}

    def save(self, *, by: "User") -> None:
        """Change what is to be changed, in one transaction."""
        with transaction.atomic():
            self._save_words(by)
            self._save_limits(by)
            self._save_protection(by)

    def _save_words(self, by: "User") -> None:
        data, link = self.cleaned_data, self.subject
        if self._is_given(*TEXTS):
            link.reword(**{text: data[text] for text in TEXTS}, by=by)
        if self._is_given("name"):
            link.set_slug(data["name"], by=by)
        if data["card_shows"]:
            link.show_on_card(data["card_shows"], by=by)

    def _save_limits(self, by: "User") -> None:
        data, link = self.cleaned_data, self.subject
        if "expires_at" in data:
            link.expire_at(data["expires_at"], by=by)
        if data["limit"]:
            link.limit_downloads(data["download_limit"], by=by)
        if data["previews"]:
            link.allow_previews(data["previews"] == ON, by=by)

    def _save_protection(self, by: "User") -> None:
        data, link = self.cleaned_data, self.subject
        if data["remove_password"]:
            link.remove_password(by=by)
        elif data["password"]:
            link.set_password(data["password"], by=by)
        if data["code"]:
            link.ask_for_code(data["code"] == ON, by=by)

    def _is_given(self, *names: str) -> bool:
        return any(name in self.data for name in names)


# The order of the page, in which what is wrong is told.
PLACES = (
    "title",
    "message",
    "expiry",
    "expires_on",
    "limit",
    "limit_number",
    "password",
    "code",
    "previews",
    "card_shows",
    "name",
)
