"""What a sender decides about a link."""

from typing import Any, Self

from django import forms

from sharing.addresses import expiry
from sharing.addresses.errors import InvalidExpiry, InvalidRule, InvalidSlug
from sharing.addresses.passwords import MAX_PASSWORD_LENGTH, parse_password
from sharing.addresses.slugs import MAX_SLUG_LENGTH, parse_slug
from sharing.links.rules import MAX_DOWNLOADS, Card, Rules

ON_A_DATE = "date"
ANY_NUMBER, ONCE, SO_MANY = "any", "once", "number"
ALLOWED, NONE = "allowed", "none"
# What is typed may be longer than the readable part that is made of it.
MAX_NAME_LENGTH = 2 * MAX_SLUG_LENGTH


class ExpiryForm(forms.Form):
    """A preset, or a date and time; cleans to `expires_at`. The time is UTC unless the page's script says otherwise."""

    expiry = forms.ChoiceField(label="Collect before", initial=expiry.DEFAULT_PRESET)
    expires_on = forms.DateTimeField(
        label="Date and time (UTC)",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expiry"].choices = [*expiry.choices(), (ON_A_DATE, "A date")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        preset = cleaned.get("expiry", "")
        if preset == ON_A_DATE and not cleaned.get("expires_on"):
            if "expires_on" not in self.errors:
                self.add_error("expires_on", "Choose the date and time at which it stops.")
        elif preset:
            try:
                moment = cleaned["expires_on"] if preset == ON_A_DATE else expiry.expiry_of(preset)
                expiry.check_expiry(moment)
                cleaned["expires_at"] = moment
            except InvalidExpiry as error:
                self.add_error("expires_on", str(error))
        return cleaned


class LimitForm(forms.Form):
    """How often each file is given; cleans to `download_limit`, None for any number."""

    limit = forms.ChoiceField(
        label="Downloads of each file",
        choices=[(ANY_NUMBER, "Any number"), (ONCE, "Once"), (SO_MANY, "A number")],
        initial=ANY_NUMBER,
    )
    limit_number = forms.IntegerField(
        label="How many times", required=False, min_value=1, max_value=MAX_DOWNLOADS
    )

    @classmethod
    def of(cls, limit: int | None) -> Self:
        """With what holds now."""
        chosen = ANY_NUMBER if limit is None else ONCE if limit == 1 else SO_MANY
        return cls(initial={"limit": chosen, "limit_number": limit if chosen == SO_MANY else None})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        limit = cleaned.get("limit")
        if limit == SO_MANY and not cleaned.get("limit_number") and "limit_number" not in self.errors:
            self.add_error("limit_number", "Say how many times each file may be downloaded.")
        cleaned["download_limit"] = {ONCE: 1, SO_MANY: cleaned.get("limit_number")}.get(str(limit))
        return cleaned


class PasswordForm(forms.Form):
    """A password in clear, since the sender has to tell it to somebody; "" for none."""

    password = forms.CharField(
        label="Password",
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
            return parse_password(typed) if typed or self.fields["password"].required else ""
        except InvalidRule as error:
            raise forms.ValidationError(str(error)) from error


class NewPasswordForm(PasswordForm):
    """The same where there is nothing else to send."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = True


class NameForm(forms.Form):
    """What the readable part of the address is made of; cleans to that part."""

    name = forms.CharField(
        label="Name in the address",
        required=False,
        max_length=MAX_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "quarterly-report"}),
    )

    def clean_name(self) -> str:
        try:
            return parse_slug(self.cleaned_data["name"])
        except InvalidSlug as error:
            raise forms.ValidationError(str(error)) from error


class CardForm(forms.Form):
    """What a chat tells of the link; cleans to a Card."""

    card_shows = forms.TypedChoiceField(
        label="In a chat it shows",
        choices=Card.choices,
        coerce=Card,
        initial=Card.SENDER,
        help_text="Many chats make a card of a link that is posted in them. Of a locked one they learn nothing.",
    )


class WordsForm(forms.Form):
    """What people at the link's address read of it."""

    title = forms.CharField(label="Title", max_length=200, required=False)
    message = forms.CharField(
        label="Message", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class LinkForm(ExpiryForm, LimitForm, PasswordForm, CardForm, NameForm, WordsForm):
    """A new link. Who says nothing of a rule gets what most links have."""

    MORE = frozenset({"limit", "limit_number", "password", "previews", "card_shows", "name"})

    previews = forms.ChoiceField(
        label="Previews",
        choices=[(ALLOWED, "Allowed"), (NONE, "None")],
        initial=ALLOWED,
        required=False,
        help_text="Pictures, films, sound, PDF and text can be looked at before, unless downloads are counted.",
    )

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
            previews_allowed=data["previews"] != NONE,
            card_shows=data["card_shows"] or Card.SENDER,
        )

    @property
    def words(self) -> dict[str, str]:
        """What the link is called and says, as `Link.objects.make` takes it."""
        return {word: self.cleaned_data[word] for word in ("title", "message", "name")}

    @property
    def has_more(self) -> bool:
        """Whether something is chosen, or wrong, beyond what every link has."""
        return self.is_bound and not self.MORE.isdisjoint({*self.changed_data, *self.errors})
