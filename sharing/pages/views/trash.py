"""The trash: files that can still be restored, and for how long."""

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sharing.accounts.http import signed_in_user
from sharing.listing import Listing

ORDERS = {
    "newest": ("-deleted_at", "name"),
    "ending": ("deleted_at", "name"),
    "name": ("name", "-deleted_at"),
    "largest": ("-size", "name"),
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    files = signed_in_user(request).files.trashed().annotate(link_count=Count("items"))
    listing = Listing(request, "files", files, orders=ORDERS, search=("name__icontains", "path__icontains"))
    return render(request, "pages/trash.html", {"files": listing, "days": settings.TRASH_DAYS})
