"""Previews of files. A link with a download limit has none, since a preview hands out the bytes."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from sharing.links.errors import LinkClosed
from sharing.links.gate import Gate, SeeOther
from sharing.links.views.gated import gated

# In the query of a preview that the link's page shows: that page was the view.
PART_OF_PAGE = "on-page"


@require_safe
@gated
def preview(gate: Gate, file_id: UUID) -> HttpResponse:
    """Redirect to a presigned URL, and count a view, unless the link's page shows it. There is no limit to spend."""
    offer = gate.enter().offer_of(file_id)
    if not offer.has_preview:
        raise LinkClosed
    offer.file.require_object()
    answer = SeeOther(offer.file.open_preview())
    if gate.request.method == "GET" and PART_OF_PAGE not in gate.request.GET:
        gate.count_view()
    return answer


@require_safe
@gated
def thumbnail(gate: Gate, file_id: UUID) -> HttpResponse:
    """Redirect to a thumbnail, for a page whose URLs have expired. No view is counted: the page was one."""
    offer = gate.enter().offer_of(file_id)
    if not offer.has_thumbnail:
        raise LinkClosed
    return SeeOther(offer.file.thumbnail_url())
