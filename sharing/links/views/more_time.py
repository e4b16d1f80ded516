"""A visitor who came after a link had expired asks its sender for more time."""

from http import HTTPStatus

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from sharing.links.errors import AskedTooOften, LinkClosed
from sharing.links.gate import Gate, SeeOther
from sharing.links.mail_forms import MoreTimeForm
from sharing.links.models import Link
from sharing.links.views.gated import closed_page, gated


@require_POST
@gated
def ask_for_more_time(gate: Gate) -> HttpResponse:
    """Ask the sender of an expired link for more time. It needs no password."""
    if gate.facts.state != Link.State.EXPIRED:
        raise LinkClosed
    form = MoreTimeForm(gate.request.POST)
    if not form.is_valid():
        return closed_page(gate, status=HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    try:
        gate.ask_for_more_time(**form.cleaned_data)
    except AskedTooOften:
        return closed_page(gate, status=HTTPStatus.TOO_MANY_REQUESTS, is_too_often=True)
    return SeeOther(gate.path)
