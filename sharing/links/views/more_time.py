"""Somebody came too late, and asks the sender for more time."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from sharing.links.errors import AskedTooOften
from sharing.links.gate import Gate
from sharing.links.mail_forms import MoreTimeForm
from sharing.links.models import TimeRequest
from sharing.links.views.gated import gated, link_page
from sharing.links.views.landing import SeeOther


@require_POST
@gated
def ask_for_more_time(gate: Gate) -> HttpResponse:
    """Of a link that has expired, which needs no password."""
    link, form = gate.link, MoreTimeForm(gate.request.POST)
    if not form.is_valid():
        answer = link_page(gate, form=form)
        answer.status_code = 422
        return answer
    try:
        TimeRequest.objects.ask(link, gate.visitor, **form.cleaned_data)
    except AskedTooOften:
        answer = link_page(gate, is_too_often=True)
        answer.status_code = 429
        return answer
    return SeeOther(gate.path)
