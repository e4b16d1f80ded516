"""The owner's side of requests: list, create, change, close and reopen them, and make a link of what has arrived."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.accounts.http import signed_in_user
from sharing.addresses.forms import AddressForm, forms_by_key
from sharing.addresses.qr_code import qr_code
from sharing.addresses.views import form_status, settings_view
from sharing.http.best_effort import best_effort
from sharing.links.errors import TooManyFiles
from sharing.links.models import Link
from sharing.links.page_version import watched
from sharing.links.rules import Rules
from sharing.listing import Listing, containing
from sharing.requests.forms import RequestForm, SettingsForm
from sharing.requests.history import history_of, with_latest_arrival
from sharing.requests.models import Delivery, FileRequest

ORDERS = {"newest": ("-created_at", "-pk")}
ARRIVED_ORDERS = {
    "newest": ("-pk",),
    "oldest": ("pk",),
    "name": ("upload__file__name", "-pk"),
    "largest": ("-upload__file__size", "-pk"),
}
search_arrived = containing("upload__file__name", "upload__file__path", "guest__name", "guest__email")


def request_of(request: HttpRequest, public_id: str) -> FileRequest:
    """Return the user's own request of that public id. Raises Http404."""
    own = FileRequest.objects.filter(owner=signed_in_user(request)).select_related("owner")
    return get_object_or_404(own, public_id=public_id)


def request_page(
    request: HttpRequest, file_request: FileRequest, refused: AddressForm[Any] | None = None
) -> HttpResponse:
    """Return the request's page, with a refused form as it was filled in."""
    deliveries = Delivery.objects.filter(guest__request=file_request, upload__file__deleted_at=None)
    context = {
        "file_request": file_request,
        "mark": file_request.state.mark,
        "arrived": Listing(
            request,
            "arrived",
            deliveries.select_related("upload__file", "guest"),
            orders=ARRIVED_ORDERS,
            search=search_arrived,
            path=file_request.get_absolute_url(),
        ),
        "ready_count": file_request.ready_files().count(),
        "history": history_of(file_request),
        "qr": qr_code(file_request.url),
        # A refused form's page has the address of its POST, which cannot be asked for again.
        "live": None if refused else watched(file_request.owner),
        "forms": forms_by_key([SettingsForm], file_request, refused),
    }
    return render(request, "requests/request.html", context, status=form_status(refused))


@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    """GET lists the user's requests; POST creates one."""
    user = signed_in_user(request)
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = FileRequest.objects.make(owner=user, **form.fields_of_request)
        messages.success(request, _("Request created. Copy its link and share it."))
        return redirect(made)
    own = FileRequest.objects.filter(owner=user).select_related("owner")
    rows = Listing(
        request, "requests", own, orders=ORDERS, search=containing("title"), shown=with_latest_arrival
    )
    context = {"form": form, "requests": rows, "live": watched(user)}
    return render(request, "requests/requests.html", context, status=form_status(form))


@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the request. Its owner has seen then what has arrived."""
    file_request = request_of(request, public_id)
    with best_effort():
        file_request.mark_seen()
    return request_page(request, file_request)


@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    file_request = request_of(request, public_id)
    file_request.close(by=signed_in_user(request))
    messages.success(request, _("The request no longer accepts files."))
    return redirect(file_request)


@require_POST
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    file_request = request_of(request, public_id)
    file_request.reopen(by=signed_in_user(request))
    messages.success(request, _("The request accepts files again, at the same link."))
    return redirect(file_request)


@require_POST
def make_link(request: HttpRequest, public_id: str) -> HttpResponse:
    """Create a link to all files that have arrived, with the default rules, which its own page changes."""
    file_request = request_of(request, public_id)
    files = file_request.ready_files()
    if not files:
        messages.error(request, _("No files have been received yet."))
        return redirect(file_request)
    owner = file_request.owner
    try:
        link = Link.objects.make(
            owner=owner, files=files, rules=Rules.default_for(owner), title=file_request.title
        )
    except TooManyFiles as error:
        messages.error(request, str(error))
        return redirect(file_request)
    messages.success(request, _("Link created. Copy it and share it."))
    return redirect(link)


change_settings = settings_view(SettingsForm, find=request_of, page=request_page)
