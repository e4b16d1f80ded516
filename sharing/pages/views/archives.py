"""Archives of one's own files, which the browser packs: nothing is shared, and nothing is counted."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.links.archive_listing import archive_listing
from sharing.links.collecting import read_ids
from sharing.pages.own_archive import NotArchivable, OwnArchive, is_begun_by, issue_urls
from sharing.storage.errors import ObjectMissing, StorageError


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """List the files of a new archive with their paths in it, and a receipt with which their URLs are asked for."""
    user = signed_in_user(request)
    try:
        archive = OwnArchive.of(user, request.POST)
        archive.files[0].require_object()
    except NotArchivable as refusal:
        return _refused(HTTPStatus.CONFLICT, str(refusal))
    except ObjectMissing:
        pass  # the archive will list it as missing
    except StorageError:
        words = _("The storage is not answering right now. Try again in a moment.")
        return _refused(HTTPStatus.SERVICE_UNAVAILABLE, words)
    listing = archive_listing(archive.name, archive.files, places=archive.places)
    return JsonResponse({"receipt": archive.begin(by=user), "note": archive.note, **listing})


# Whoever asks for a page is sent to sign in; a worker is told that nobody is. The receipt does for a CSRF token.
@csrf_exempt
@login_not_required
@require_POST
def urls(request: HttpRequest) -> HttpResponse:
    """Issue presigned URLs for up to a hundred files of an archive: one `file` parameter each, and its `receipt`."""
    user = signed_in_user(request)
    if not (request.user.is_authenticated and is_begun_by(user, request.POST.get("receipt", ""))):
        return _refused(HTTPStatus.FORBIDDEN, _("You are not signed in."))
    try:
        ids = read_ids(request.POST)
    except ValueError as error:
        return _refused(HTTPStatus.BAD_REQUEST, str(error))
    return JsonResponse({"urls": issue_urls(user, ids)})


def _refused(status: HTTPStatus, words: str) -> HttpResponse:
    return JsonResponse({"detail": words}, status=status)
