"""Adds selected files to a link that there is already: the owner chooses which."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sharing.accounts.models import User
from sharing.links.errors import TooManyFiles
from sharing.links.models import Link
from sharing.links.models.querysets import LinkQuerySet
from sharing.links.selection import Selection
from sharing.listing import Listing
from sharing.pages.views.selection import selection_view
from sharing.wording import grouped


@require_http_methods(["GET", "HEAD", "POST"])
@selection_view
def choose_link(request: HttpRequest, user: User, selection: Selection) -> HttpResponse:
    """GET lists the links that work; POST adds the files to the one that was chosen. Takes a selection's parameters."""
    usable = user.links.usable()
    if request.method == "POST":
        if "link" in request.POST:
            link = get_object_or_404(usable, public_id=request.POST["link"])
            return _added(request, user, selection, link)
        messages.error(request, _("Select a link first."))
    # The query is the selection's, by which its files were found: the links are not searched by it.
    links = Listing(
        request,
        "links",
        usable,
        orders={"newest": ("-created_at", "-pk")},
        search=lambda rows, _query: rows,
        shown=LinkQuerySet.with_contents,
    )
    return render(request, "pages/link_choice.html", {"selection": selection, "links": links})


def _added(request: HttpRequest, user: User, selection: Selection, link: Link) -> HttpResponse:
    try:
        files = selection.all_files()
        link.add_files(files, by=user)
    except TooManyFiles as error:
        messages.error(request, str(error))
        return redirect("dashboard")
    words = ngettext("Added %(n)s file to this link.", "Added %(n)s files to this link.", len(files))
    messages.success(request, words % {"n": grouped(len(files))})
    return redirect(link)
