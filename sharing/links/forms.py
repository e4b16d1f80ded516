"""The form that creates a link, and its parts, which the form for a link's settings has as well."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sharing.accounts.models import User
from sharing.addresses import expiry
from sharing.addresses.forms import (
    ExpiryForm,
    NameForm,
    PasswordForm,
)
from sharing.links.rules import MAX_DOWNLOADS, Card, Rules

ANY_NUMBER, ONCE, SO_MANY = "any", "once", "number"
ON, OFF = "on", "off"


class SwitchField(forms.TypedChoiceField):
    """Two choices, ON and OFF; cleans to a bool, or to None where nothing was chosen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=lambda chosen: chosen == ON, empty_value=None, **options)

    def prepare_value(self, value: Any) -> Any:
        return {True: ON, False: OFF}.get(value, value)


class LimitForm(forms.Form):
    """The downloads that each file allows; cleans to `download_limit`, None for any number."""

    limit = forms.ChoiceField(
        label=_("Downloads per file"),
        choices=[(ANY_NUMBER, _("Unlimited")), (ONCE, _("Once")), (SO_MANY, _("Custom"))],
        initial=ANY_NUMBER,
    )
    limit_number = forms.IntegerField(
        label=_("Number of downloads"), required=False, min_value=1, max_value=MAX_DOWNLOADS
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        limit = cleaned.get("limit")
        if limit == SO_MANY and not cleaned.get("limit_number") and "limit_number" not in self.errors:
            self.add_error("limit_number", gettext("Enter how many times each file may be downloaded."))
        cleaned["download_limit"] = {ONCE: 1, SO_MANY: cleaned.get("limit_number")}.get(str(limit))
        return cleaned


class CardForm(forms.Form):
    """The contents of the card in a chat; cleans to a Card."""

    card_shows = forms.TypedChoiceField(
        label=_("Chat preview"),
        choices=Card.choices,
        coerce=Card,
        initial=Card.SENDER,
        help_text=_("What chat apps show when the link is posted. A locked link shows nothing."),
    )


class PreviewsForm(forms.Form):
    """Asks if files open before they are downloaded; cleans to a bool, None where nothing was chosen."""

    previews = SwitchField(
        label=_("Previews"),
        choices=[(ON, _("On")), (OFF, _("Off"))],
        initial=True,
        required=False,
        help_text=_(
            "Images, video, audio, PDF and text open before downloading, unless downloads are limited."
        ),
    )


class WordsForm(forms.Form):
    """Title and message, which visitors read."""

    title = forms.CharField(label=_("Title (optional)"), max_length=200, required=False)
    message = forms.CharField(
        label=_("Message (optional)"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LinkDefaultsForm(forms.ModelForm[User]):
    """Defaults for a user's new links."""

    class Meta:
        model = User
        fields = ("default_expiry", "previews_by_default")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = dict(expiry.choices())[expiry.default_preset()]
        self.fields["default_expiry"] = forms.ChoiceField(
            label=_("Links are available for"),
            choices=[("", _("Site default (%(expiry)s)") % {"expiry": site}), *expiry.choices()],
            required=False,
        )

    @classmethod
    def initial_of(cls, user: User) -> dict[str, Any]:
        """Return the initial values of a LinkForm of this user."""
        return {
            "expiry": expiry.default_preset(user.default_expiry),
            "previews": user.previews_by_default,
        }


class LinkForm(ExpiryForm, LimitForm, PasswordForm, PreviewsForm, CardForm, NameForm, WordsForm):
    """A new link. A rule of which nothing is said is what most links have."""

    MORE = frozenset({"limit", "limit_number", "password", "previews", "card_shows", "name"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rule in ("limit", "card_shows"):
            self.fields[rule].required = False

    @property
    def rules(self) -> Rules:
        data = self.cleaned_data
        return Rules(
            expires_at=data["expires_at"],
            download_limit=data["download_limit"],
            password=data["password"],
            previews_allowed=data["previews"] is not False,
            card_shows=data["card_shows"] or Card.SENDER,
        )

    @property
    def words(self) -> dict[str, str]:
        """The link's name and texts, as `Link.objects.make` takes them."""
        return {word: self.cleaned_data[word] for word in ("title", "message", "name")}

    @property
    def has_more(self) -> bool:
        """True if something is chosen, or wrong, beyond what every link has."""
        return self.is_bound and not self.MORE.isdisjoint({*self.changed_data, *self.errors})
