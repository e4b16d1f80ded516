"""The dashboard: a user's files, links and unfinished uploads."""

from functools import partial

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sharing.accounts.http import signed_in_user
from sharing.accounts.models import User
from sharing.addresses import expiry
from sharing.characters import cut
from sharing.files.folders import Folder, folders_in, steps
from sharing.files.models import File, Upload
from sharing.files.names import MAX_PATH_LENGTH
from sharing.links.file_filters import FileFilters
from sharing.links.page_version import watched
from sharing.links.selection import files_in, search_links
from sharing.listing import FILE_ORDERS, Listing, search_files
from sharing.requests.models import FileRequest
from sharing.storage.plan import DEFAULT_PART_SIZE

LINK_ORDERS = {
    "newest": ("-created_at", "-pk"),
    "ending": ("expires_at", "-created_at", "-pk"),
    "opens": ("-view_count", "-created_at", "-pk"),
    "downloads": ("-download_count", "-created_at", "-pk"),
}

# Folders that are shown at once: each is counted for itself.
FOLDERS = 10
# The list of requests is another page.
REQUESTS = 5


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the dashboard. Takes the same number of queries however many rows there are."""
    user = signed_in_user(request)
    folder = cut(request.GET.get("folder", ""), MAX_PATH_LENGTH)
    # With the guest who sent it, where one did.
    ready = files_in(user, folder).select_related("upload__delivery__guest__request")
    filters = FileFilters.of(request.GET)
    files = Listing(
        request,
        "files",
        ready,
        orders=FILE_ORDERS,
        search=search_files,
        narrow=filters.narrow if filters else None,
    )
    links = Listing(
        request,
        "links",
        user.links.listed().with_download_counts(),
        orders=LINK_ORDERS,
        search=partial(search_links, user),
        shown=lambda links: links.with_contents().with_time_requests(),
    )
    context = {
        "files": files,
        # Of what has ended, and may still be sent.
        "held_bytes": File.objects.held_bytes(user),
        "trashed_bytes": user.files.trashed().aggregate(bytes=Sum("size"))["bytes"],
        "links": links,
        "requests": [] if files.query else FileRequest.objects.of_interest(user)[:REQUESTS],
        "query": files.query,
        "filters": filters,
        "is_grid": request.GET.get("view") == "grid",
        "folder": folder,
        "steps": steps(folder),
        "folders": [] if files.query or filters else _folders(request, user, folder),
        "folders_shown": FOLDERS,
        "uploads": Upload.objects.owned_by(user).filter(state=Upload.State.OPEN, delivery=None)[:20],
        "form_limit": DEFAULT_PART_SIZE,
        "expiry_choices": expiry.choices(),
        "default_expiry": expiry.default_preset(user.default_expiry),
        "trash_days": settings.TRASH_DAYS,
        "live": watched(user, rows=(link.public_id for link in links.page)),
    }
    return render(request, "pages/dashboard.html", context)


def _folders(request: HttpRequest, user: User, parent: str) -> list[Folder]:
    """Return the folders in this one, as many as are shown at once, after the one that the address names."""
    ready = user.files.ready()
    after = cut(request.GET.get("folders-after", ""), MAX_PATH_LENGTH)
    return [Folder.of(ready, path) for path in folders_in(user, parent, after=after, limit=FOLDERS)]
