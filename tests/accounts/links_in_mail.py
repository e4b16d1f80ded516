"""Reads what people read in their mail."""

import re
from html import unescape

from django.core.mail import EmailMultiAlternatives


def path_in(message: EmailMultiAlternatives, site_url: str) -> str:
    """The path of the first link of the plain text, which must lead to the site itself."""
    link = next(word for word in text_part(message).split() if word.startswith("http"))
    assert link.startswith(f"{site_url}/")
    return link.removeprefix(site_url)


def text_part(message: EmailMultiAlternatives) -> str:
    return str(message.body)


def html_part(message: EmailMultiAlternatives) -> str:
    content, kind = message.alternatives[0]
    assert kind == "text/html"
    return str(content)


def words_of(text: str) -> list[str]:
    """The words of a text, without its marks."""
    return re.findall(r"[\w@./:-]*\w", text)


def text_of(html: str) -> str:
    """Return the words of an HTML mail, without its head and the mark that stands in place of a picture."""
    body = re.sub(r"(?s).*<body>", "", html)
    body = re.sub(r'(?s)<p class="mark".*?</p>', "", body)
    return unescape(re.sub(r"<[^>]+>", " ", body))
