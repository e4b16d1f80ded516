"""Views that change several of an owner's links at once."""

from itertools import batched
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.links.models.querysets import KEYS_AT_ONCE
from sharing.links.selection import search_links
from sharing.listing import query_of
from sharing.wording import grouped

if TYPE_CHECKING:
    from sharing.links.models.link import CountedLink


def _selected(request: HttpRequest) -> "list[CountedLink]":
    """Return the links that were ticked, by their public ids, and with `found` all that the search for `q` finds.

    Raises Http404 unless all of them are the user's.
    """
    user = signed_in_user(request)
    listed = user.links.with_contents().filter(deleted_at=None)
    ids = {public_id for value in request.POST.getlist("link") for public_id in value.split(",") if public_id}
    links = {link.pk: link for link in listed.filter(public_id__in=ids)} if ids else {}
    if len(links) < len(ids):
        raise Http404
    if "found" in request.POST:
        query = query_of(request.POST)
        found = search_links(user, user.links.listed(), query) if query else user.links.listed()
        for keys in batched(found.order_by().values_list("pk", flat=True), KEYS_AT_ONCE):
            links |= {link.pk: link for link in listed.filter(pk__in=keys)}
    if not links:
        messages.error(request, _("Select links first."))
    return list(links.values())


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


@require_POST
def delete_links(request: HttpRequest) -> HttpResponse:
    """Revoke the selected links, stop downloads in progress, and take the links off all lists."""
    links = _selected(request)
    for link in links:
        link.delete_by(signed_in_user(request))
    if links:
        words = ngettext("Deleted %(n)s link.", "Deleted %(n)s links.", len(links))
        messages.success(request, words % {"n": grouped(len(links))})
    return redirect("dashboard")
