"""The landing page of a link. Looking spends nothing; a POST does."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from sharing.links.contents_page import ContentsPage
from sharing.links.gate import Gate, SeeOther
from sharing.links.views.gated import gated, open_page


@require_http_methods(["GET", "HEAD", "POST"])
@gated
def landing(gate: Gate) -> HttpResponse:
    """GET shows the link, and counts a view unless it asks for another page; POST takes the password."""
    if gate.request.method == "POST":
        return gate.enter().redirect_with_key()
    if gate.is_passable and not gate.is_at_home:
        return redirect(gate.enter().path)
    try:
        return open_page(gate.enter())
    finally:
        if gate.request.method == "GET" and not ContentsPage.is_asked_for(gate.request):
            gate.count_view()


@require_POST
@gated
def mail_code(gate: Gate) -> HttpResponse:
    """Mail a code to the recipient whose address this is; their page then asks for it."""
    gate.mail_code()
    return SeeOther(f"{gate.path}?code=sent")


@require_POST
@gated
def download(gate: Gate, file_id: UUID) -> HttpResponse:
    """Spend one download, and redirect to the presigned URL. From a shell the password comes with the same POST."""
    offer = gate.offer(file_id)
    answer = SeeOther(offer.download(gate.visitor))
    if offer.access.link.download_limit is not None:
        gate.visitor.stay_known(answer, path=gate.path)
    return answer
