"""A link's page for its owner, and its revocation."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.accounts.http import signed_in_user
from sharing.addresses.errors import Locked
from sharing.addresses.forms import AddressForm, forms_by_key
from sharing.addresses.qr_code import qr_code
from sharing.addresses.views import LOCKED_STATUS, form_status, private
from sharing.links.errors import LinkClosed
from sharing.links.export import history_as_csv
from sharing.links.gate import Gate
from sharing.links.history import history_of
from sharing.links.mail_forms import MailForm
from sharing.links.page_version import watched
from sharing.links.settings_form import SettingsForm
from sharing.links.views.gated import closed_page, open_page
from sharing.listing import Listing, containing
from sharing.storage.disposition import attachment
from sharing.storage.plan import DEFAULT_PART_SIZE

if TYPE_CHECKING:
    from sharing.links.models.link import CountedLink


def link_of(request: HttpRequest, public_id: str) -> "CountedLink":
    """Return the link of that number, if it is theirs. Raises Http404."""
    return get_object_or_404(
        signed_in_user(request).links.with_contents(), public_id=public_id, deleted_at=None
    )


def link_page(
    request: HttpRequest, link: "CountedLink", refused: AddressForm[Any] | None = None
) -> HttpResponse:
    """Return the link's page, with a refused form as it was filled in."""
    context = {
        "link": link,
        "contents": Listing(
            request,
            "contents",
            link.items.present(),
            orders={"name": ("file__path", "file__name", "pk")},
            search=containing("file__name", "file__path"),
            path=link.get_absolute_url(),
        ),
        "qr": qr_code(link.url),
        "history": history_of(link),
        "form_limit": DEFAULT_PART_SIZE,
        "recipients": link.recipients.with_downloads(),
        # A refused form's page has the address of its POST, which cannot be asked for again.
        "live": None if refused else watched(link.owner, link=link.public_id),
        "forms": forms_by_key((SettingsForm, MailForm), link, refused),
    }
    return render(request, "links/link.html", context, status=form_status(refused))


@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    return link_page(request, link_of(request, public_id))


@require_safe
def show_as_receiver(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the page as whoever has the link sees it. Counts no view."""
    link = link_of(request, public_id)
    gate = Gate(request, link.address_by(link.token))
    try:
        return private(open_page(gate.enter()))
    except LinkClosed:
        return private(closed_page(gate))
    except Locked:
        return private(closed_page(gate, status=LOCKED_STATUS))


@require_POST
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    link = link_of(request, public_id)
    link.revoke(by=signed_in_user(request), stop_downloads="stop_downloads" in request.POST)
    messages.success(request, _("Link revoked. Nobody can download with it any more."))
    return redirect(link)


@require_safe
def export_history(request: HttpRequest, public_id: str) -> StreamingHttpResponse:
    link = link_of(request, public_id)
    answer = StreamingHttpResponse(history_as_csv(link), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = attachment(f"waybill-{link.public_id}-history.csv")
    answer["Cache-Control"] = "no-store"
    return answer
