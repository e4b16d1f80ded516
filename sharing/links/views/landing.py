"""What somebody who was sent a link sees. Looking spends nothing; a POST does."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from sharing.links.contents_page import ContentsPage
from sharing.links.gate import Gate, SeeOther
from sharing.links.views.gated import gated, link_page


@require_http_methods(["GET", "HEAD", "POST"])
@gated
def landing(gate: Gate) -> HttpResponse:
    """GET shows the link, which counts a view, or another page of it; POST takes its password."""
    if gate.request.method == "POST":
        return gate.enter().open()
    if gate.is_passable and not gate.is_at_home:
        return redirect(gate.enter().path)
    try:
        return link_page(gate.enter())
    finally:
        if gate.request.method == "GET" and not ContentsPage.is_asked_for(gate.request):
            gate.count_view()


@require_POST
@gated
def mail_code(gate: Gate) -> HttpResponse:
    """For a recipient of a link that asks for one; their page then waits for it."""
    gate.mail_code()
    return SeeOther(f"{gate.path}?code=sent")


@require_POST
@gated
def download(gate: Gate, file_id: UUID) -> HttpResponse:
    """From a shell the password travels with the same POST."""
    item = gate.item(file_id)
    answer = SeeOther(item.spend(gate.visitor))
    if item.link.download_limit is not None:
        gate.visitor.stay_known(answer, path=gate.path)
    return answer
