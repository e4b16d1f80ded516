"""Forms for mailing a link, and for asking its sender for more time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sharing.addresses.forms import AddressForm
from sharing.characters import cut
from sharing.links.models import Link, Recipient
from sharing.links.models.time_request import MAX_WORDS
from sharing.mail.address_list import MAX_NAME, Person, TooManyAddresses, read_addresses

if TYPE_CHECKING:
    from sharing.accounts.models import User
    from sharing.links.models.link import CountedLink

MAX_AT_ONCE = 100
# Room for as many addresses with long names.
MAX_TEXT = 50_000
NAMED = 5


class MailForm(AddressForm[Link]):
    """Addresses as they are typed or pasted, and earlier recipients picked; cleans to `people`."""

    key = "mail"
    subject: "CountedLink"

    addresses = forms.CharField(
        label=_("To"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
    )
    message = forms.CharField(
        label=_("Message"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, subject: "CountedLink") -> None:
        super().__init__(data, subject=subject)
        self.auto_id = "mail_%s"  # the link's page has another message beside it
        self.suggested = Recipient.objects.suggested_for(subject)
        self.fields["earlier"] = forms.MultipleChoiceField(
            required=False, choices=[(recipient.email, recipient.label) for recipient in self.suggested]
        )

    @property
    def picked(self) -> list[str]:
        """Return the earlier recipients that were ticked, as the form came in."""
        return self.data.getlist("earlier") if self.is_bound else []  # type: ignore[attr-defined]

    def clean_addresses(self) -> list[Person]:
        try:
            reading = read_addresses(self.cleaned_data["addresses"])
        except TooManyAddresses as error:
            raise forms.ValidationError(_too_many()) from error
        if reading.wrong:
            raise forms.ValidationError(_wrong_addresses(reading.wrong))
        return reading.people

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.subject.is_listed_open:
            self.add_error(None, gettext("This link has nothing to download now, so it cannot be sent."))
        if "addresses" not in cleaned:
            return cleaned
        people = {person.email.lower(): person for person in cleaned["addresses"]}
        for recipient in self.suggested:
            if recipient.email in cleaned.get("earlier", []):
                people.setdefault(recipient.email.lower(), Person(recipient.email, recipient.name))
        if not people:
            self.add_error("addresses", gettext("Enter at least one email address."))
        elif len(people) > MAX_AT_ONCE:
            self.add_error("addresses", _too_many())
        cleaned["people"] = list(people.values())
        return cleaned

    def save(self, *, by: "User") -> Sequence[Recipient]:
        """Mail the link to those who do not have it yet, and return them. Raises MailLimitReached."""
        people, message = self.cleaned_data["people"], self.cleaned_data["message"]
        return Recipient.objects.mail(self.subject, people, message=message, by=by)


def _too_many() -> str:
    return gettext("Send to at most %(limit)s people at once.") % {"limit": MAX_AT_ONCE}


def _wrong_addresses(wrong: Sequence[str]) -> str:
    """Return what to say of pieces that are no addresses: the first few, and the number of the others."""
    named = ", ".join(f"“{cut(piece, 60)}”" for piece in wrong[:NAMED])
    others = len(wrong) - NAMED
    if others > 0:
        words = ngettext(
            "%(named)s and %(n)s more are not email addresses. Nothing was sent. Fix them and try again.",
            "%(named)s and %(n)s more are not email addresses. Nothing was sent. Fix them and try again.",
            others,
        )
    else:
        words = ngettext(
            "%(named)s is not an email address. Nothing was sent. Fix the address and try again.",
            "%(named)s are not email addresses. Nothing was sent. Fix them and try again.",
            len(wrong),
        )
    return words % {"named": named, "n": others}


class MoreTimeForm(forms.Form):
    name = forms.CharField(label=_("Your name"), required=False, max_length=MAX_NAME)
    words = forms.CharField(
        label=_("Message to the sender"),
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea,
    )
