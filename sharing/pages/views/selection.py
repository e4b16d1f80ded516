"""Views that change many of an owner's files at once: what was ticked, whole folders, all that a search found."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.accounts.models import User
from sharing.files.models import File
from sharing.files.views.changes import UNDO
from sharing.links.selection import Selection
from sharing.wording import grouped


def selection_view(
    view: Callable[[HttpRequest, User, Selection], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give a view the files that a form or, for a GET, an address has selected; without any, lead back."""

    @wraps(view)
    def selecting(request: HttpRequest) -> HttpResponse:
        user = signed_in_user(request)
        try:
            selection = Selection.of(user, request.POST if request.method == "POST" else request.GET)
        except File.DoesNotExist as error:
            raise Http404 from error
        if not selection:
            messages.error(request, _("Select files first."))
            return redirect("dashboard")
        return view(request, user, selection)

    return selecting


@require_POST
@selection_view
def delete(request: HttpRequest, user: User, selection: Selection) -> HttpResponse:
    """Move the selected files into the trash. The message has a button that restores all of them."""
    keys, now = selection.keys(), timezone.now()
    for file in user.files.present().filter(ready_at=None, pk__in=keys).select_related("upload"):
        file.delete_by(user)
    deleted = user.files.trash(keys, at=now, by=user)
    words = ngettext(
        "Deleted %(n)s file. Its links have stopped working.",
        "Deleted %(n)s files. Their links have stopped working.",
        deleted,
    )
    undo = f"{UNDO}{reverse('files_restoration')}?{urlencode({'deleted': now.isoformat()})}"
    messages.success(request, words % {"n": grouped(deleted)}, extra_tags=undo if settings.TRASH_DAYS else "")
    return redirect("dashboard")


@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Restore the selected files of the trash, or with `deleted` all that were deleted at that moment."""
    user = signed_in_user(request)
    trashed = user.files.trashed()
    moment = _moment_of(request.GET.get("deleted", ""))
    if moment:
        trashed = trashed.filter(deleted_at=moment)
    elif keys := _keys_of(request):
        trashed = trashed.filter(pk__in=keys)
    else:
        messages.error(request, _("Select files first."))
        return redirect("trash")
    restored = trashed.restore(by=user)
    words = ngettext(
        "Restored %(n)s file. Its links work again.",
        "Restored %(n)s files. Their links work again.",
        restored,
    )
    messages.success(request, words % {"n": grouped(restored)})
    return redirect("dashboard" if moment else "trash")


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Discard the selected files of the trash."""
    user = signed_in_user(request)
    keys = _keys_of(request)
    if not keys:
        messages.error(request, _("Select files first."))
        return redirect("trash")
    removed = user.files.filter(pk__in=keys).discard(by=user)
    words = ngettext("Permanently deleted %(n)s file.", "Permanently deleted %(n)s files.", removed)
    messages.success(request, words % {"n": grouped(removed)})
    return redirect("trash")


def _moment_of(text: str) -> datetime | None:
    """Return the moment that this text names, with its offset; None for what is no moment of the calendar."""
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _keys_of(request: HttpRequest) -> set[UUID]:
    """Return the ids of the files that were ticked, several of them separated by commas. Raises Http404."""
    try:
        return {UUID(key) for value in request.POST.getlist("file") for key in value.split(",") if key}
    except ValueError as error:
        raise Http404 from error
