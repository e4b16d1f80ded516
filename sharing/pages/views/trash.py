"""The trash: files that can still be restored, and for how long."""

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sharing.accounts.http import signed_in_user
from sharing.listing import Listing, search_files

ORDERS = {
    "newest": ("-deleted_at", "name"),
    "ending": ("deleted_at", "name"),
    "name": ("name_key", "-deleted_at"),
    "largest": ("-size", "name"),
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    listing = Listing(
        request,
        "files",
        signed_in_user(request).files.trashed(),
        orders=ORDERS,
        search=search_files,
        shown=lambda files: files.annotate(link_count=Count("items")),
    )
    return render(request, "pages/trash.html", {"files": listing, "days": settings.TRASH_DAYS})
