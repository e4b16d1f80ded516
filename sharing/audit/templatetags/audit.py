"""Template filters of the audit trail."""

from django import template
from django.utils.safestring import SafeString

from sharing.audit.models import Event
from sharing.audit.sentences import sentence_of

register = template.Library()


@register.filter
def event_sentence(event: Event) -> SafeString:
    """Return an event as a sentence in HTML."""
    return sentence_of(event)
