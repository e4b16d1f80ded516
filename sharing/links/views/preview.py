"""Looking at a file before it is downloaded, which only a link without a limit allows: the bytes are handed out."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from sharing.links.errors import LinkClosed
from sharing.links.gate import Admission, Gate, SeeOther
from sharing.links.models import Item
from sharing.links.views.gated import gated


@require_safe
@gated
def preview(gate: Gate, file_id: UUID) -> HttpResponse:
    """A view, and no download: there is no limit to spend. The address is signed when it is asked for, not before."""
    admission = gate.enter()
    item = _item_of(admission, file_id)
    if not item.has_preview:
        raise LinkClosed
    item.file.require_object()
    answer = SeeOther(item.file.open_preview())
    if gate.request.method == "GET":
        gate.count_view()
    return answer


@require_safe
@gated
def thumbnail(gate: Gate, file_id: UUID) -> HttpResponse:
    """For a page that was open for so long that the URL it holds has expired. No view: the page was one."""
    item = _item_of(gate.enter(), file_id)
    if not item.has_thumbnail:
        raise LinkClosed
    return SeeOther(item.file.thumbnail_url())


def _item_of(admission: Admission, file_id: UUID) -> Item:
    item = next((item for item in admission.link.contents if item.file_id == file_id), None)
    if item is None:
        raise Item.DoesNotExist
    return item
