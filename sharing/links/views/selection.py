"""Views that change several of an owner's links at once."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.wording import grouped

if TYPE_CHECKING:
    from sharing.links.models.link import CountedLink


def _selected(request: HttpRequest) -> "list[CountedLink]":
    """Return the links that were ticked, by their public ids. Raises Http404 unless all of them are the user's."""
    ids = {public_id for value in request.POST.getlist("link") for public_id in value.split(",") if public_id}
    links = list(signed_in_user(request).links.with_contents().filter(public_id__in=ids))
    if len(links) < len(ids):
        raise Http404
    if not links:
        messages.error(request, _("Select links first."))
    return links


@require_POST
def extend_links(request: HttpRequest) -> HttpResponse:
    """Have the selected links work for another week."""
    links = _selected(request)
    for link in links:
        link.extend(by=signed_in_user(request))
    if links:
        words = ngettext(
            "%(n)s link is available for at least another week.",
            "%(n)s links are available for at least another week.",
            len(links),
        )
        messages.success(request, words % {"n": grouped(len(links))})
    return redirect("dashboard")


@require_POST
def revoke_links(request: HttpRequest) -> HttpResponse:
    """Revoke the selected links, and stop downloads in progress."""
    links = _selected(request)
    for link in links:
        link.revoke(by=signed_in_user(request), stop_downloads=True)
    if links:
        words = ngettext("Revoked %(n)s link.", "Revoked %(n)s links.", len(links))
        messages.success(request, words % {"n": grouped(len(links))})
    return redirect("dashboard")
