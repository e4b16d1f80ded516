"""The settings of a link that exists, in one form."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sharing.addresses import settings_form as addresses
from sharing.links.forms import (
    ANY_NUMBER,
    OFF,
    ON,
    ONCE,
    SO_MANY,
    CardForm,
    LimitForm,
    PreviewsForm,
    SwitchField,
    WordsForm,
)
from sharing.links.models import Link


class SettingsForm(addresses.SettingsForm[Link], LimitForm, PreviewsForm, CardForm, WordsForm):
    code = SwitchField(
        label=_("Emailed code"),
        choices=[(OFF, _("Off")), (ON, _("Required"))],
        required=False,
        help_text=_(
            "Required: only people you email this link to can open it, each with a code sent to their address. "
            "A forwarded email opens nothing."
        ),
    )

    field_order = (
        *("title", "message", "expiry", "expires_on", "limit", "limit_number", "password"),
        *("code", "previews", "card_shows", "name"),
    )

    def current(self, subject: Link) -> dict[str, Any]:
        limit = subject.download_limit
        chosen = ANY_NUMBER if limit is None else ONCE if limit == 1 else SO_MANY
        return super().current(subject) | {
            "title": subject.title,
            "message": subject.message,
            "limit": chosen,
            "limit_number": limit if chosen == SO_MANY else None,
            "code": subject.asks_for_code,
            "previews": subject.previews_allowed,
            "card_shows": subject.card_shows,
        }

    @property
    def rules(self) -> dict[str, Any]:
        data = self.cleaned_data
        rules = super().rules | self._sent({name: data[name] for name in ("title", "message", "card_shows")})
        if "limit" in self.data:
            rules["download_limit"] = data["download_limit"]
        if "previews" in self.data:
            rules["previews_allowed"] = data["previews"]
        if "code" in self.data:
            rules["asks_for_code"] = data["code"]
        return rules
