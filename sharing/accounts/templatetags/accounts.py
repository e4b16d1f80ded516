"""Template tags and filters of the account pages."""

import re

from django import template
from django.utils.translation import gettext as _

from sharing.mail.outbox import is_mail_server_set
from sharing.site.current import site

register = template.Library()

# First match wins: every browser claims to be others as well.
_BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|Chromium|CriOS)/"),
    ("Safari", r"Version/\S+ .*Safari/"),
    ("curl", r"^curl/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


@register.simple_tag
def sign_up_is_open() -> bool:
    """Return True if anybody may open an account. Only then does a page link to sign-up."""
    return site.signup == "open"


@register.simple_tag
def mail_server_is_set() -> bool:
    """Return True if mails leave this machine. Else no page may say that one was sent."""
    return is_mail_server_set()


@register.filter
def browser(user_agent: str) -> str:
    """Return a browser's name for people, as it claims it: `Firefox on Windows`."""
    name = next((name for name, mark in _BROWSERS if re.search(mark, user_agent)), "")
    system = next((name for name, mark in _SYSTEMS if re.search(mark, user_agent)), "")
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    if system:
        return _("A browser on %(system)s") % {"system": system}
    return name or _("Unknown browser")
