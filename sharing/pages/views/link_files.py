"""Adds files to a link: the owner searches and picks them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sharing.accounts.http import signed_in_user
from sharing.files.models import File
from sharing.links.errors import TooManyFiles
from sharing.links.models import Link
from sharing.links.selection import own_files
from sharing.listing import FILE_ORDERS, Listing, search_files
from sharing.wording import grouped


@require_http_methods(["GET", "HEAD", "POST"])
def link_files(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET lists the files that the link does not have yet; POST adds those picked, or named by the address."""
    link = get_object_or_404(
        signed_in_user(request).links.with_contents(), public_id=public_id, deleted_at=None
    )
    if request.method == "POST":
        return _add(request, link)
    others = signed_in_user(request).files.present().exclude(pk__in=link.items.values("file_id"))
    files = Listing(request, "files", others, orders=FILE_ORDERS, search=search_files)
    return render(request, "pages/link_files.html", {"link": link, "files": files})


def _add(request: HttpRequest, link: Link) -> HttpResponse:
    user = signed_in_user(request)
    try:
        files = own_files(user, request.POST.getlist("file") or request.GET.getlist("file"))
        link.add_files(files, by=user)
    except File.DoesNotExist as error:
        raise Http404 from error
    except TooManyFiles as error:
        messages.error(request, str(error))
        return redirect(link)
    if files:
        words = ngettext("Added %(n)s file to this link.", "Added %(n)s files to this link.", len(files))
        messages.success(request, words % {"n": grouped(len(files))})
    else:
        messages.error(request, _("Select the files to add first."))
    return redirect(link)
