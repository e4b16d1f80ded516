"""The dashboard: a user's files, links and unfinished uploads."""

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sharing.accounts.http import signed_in_user
from sharing.files.models import File, Upload
from sharing.listing import FILE_ORDERS, FILE_SEARCH, Listing
from sharing.storage.plan import DEFAULT_PART_SIZE

LINK_ORDERS = {
    "newest": ("-created_at",),
    "ending": ("expires_at", "-created_at"),
    "opens": ("-view_count", "-created_at"),
    "downloads": ("-download_count", "-created_at"),
}


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the dashboard. Takes the same number of queries however many rows there are."""
    user = signed_in_user(request)
    # Who sent it, where a guest of a request did.
    ready = user.files.ready().select_related("upload__delivery__guest__request")
    files = Listing(request, "files", ready, orders=FILE_ORDERS, search=FILE_SEARCH)
    links = Listing(
        request,
        "links",
        user.links.with_contents(),
        orders=LINK_ORDERS,
        search=("title__icontains", "files__name__icontains", "public_id__icontains"),
    )
    context = {
        "files": files,
        # Of what has ended, and may still be sent.
        "held_bytes": File.objects.held_bytes(user),
        "trashed_bytes": user.files.trashed().aggregate(bytes=Sum("size"))["bytes"],
        "links": links,
        "query": files.query,
        "uploads": Upload.objects.owned_by(user).filter(state=Upload.State.OPEN, delivery=None)[:20],
        "form_limit": DEFAULT_PART_SIZE,
    }
    return render(request, "pages/dashboard.html", context)
