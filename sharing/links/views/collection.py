"""Downloads all files of a link: as one archive that the visitor's browser packs, or by a shell script."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.addresses.errors import Locked
from sharing.links.archive_paths import ArchivePaths
from sharing.links.collecting import URLS_AT_ONCE, issue_urls, receipt
from sharing.links.collecting import collect as spend_all
from sharing.links.gate import Gate
from sharing.links.script import archive_name, script
from sharing.links.views.gated import gated
from sharing.storage.disposition import attachment


@require_POST
@gated
def collect(gate: Gate) -> HttpResponse:
    """Spend the available files, and list them with the paths they get in the archive."""
    admission = gate.enter()
    link = admission.link
    given = {offer.file.pk for offer in spend_all(admission)}
    # Of all files, so that a path does not depend on which of them are available.
    files = [offer.file for offer in admission.offers]
    archive = ArchivePaths(files)
    answer = JsonResponse(
        {
            "disposition": attachment(f"{archive_name(link)}.zip"),
            "receipt": receipt(admission),
            # The file of the archive that lists what could not be fetched.
            "list": archive.unique(_("Not in this archive.txt")),
            "files": [
                {
                    "id": str(file.pk),
                    "path": path,
                    "size": file.size,
                    "modified": file.dated_at.isoformat(),
                    "etag": file.etag,
                }
                for file, path in zip(files, archive.paths, strict=True)
                if file.pk in given
            ],
        }
    )
    if link.download_limit is not None:
        gate.visitor.stay_known(answer, path=gate.path)
    return answer


@require_POST
@gated
def collection_urls(gate: Gate) -> HttpResponse:
    """Issue presigned URLs for up to a hundred files of a collection: one `file` parameter each, and its `receipt`."""
    admission = gate.enter_again()
    try:
        ids = [UUID(value) for value in gate.request.POST.getlist("file")]
    except ValueError:
        ids = []
    if not 0 < len(ids) <= URLS_AT_ONCE:
        return JsonResponse(
            {"detail": _("Name 1 to %(most)s files by their ids.") % {"most": URLS_AT_ONCE}},
            status=HTTPStatus.BAD_REQUEST,
        )
    return JsonResponse({"urls": issue_urls(admission, gate.request.POST.get("receipt", ""), ids)})


@require_safe
@gated
def collection_script(gate: Gate) -> HttpResponse:
    """A shell script. Reading it spends nothing; running it spends each file as it is downloaded."""
    admission = gate.enter()
    if admission.link.asks_for_code:
        raise Locked  # the code opened this browser, and no other
    answer = HttpResponse(script(admission), content_type="text/x-shellscript; charset=utf-8")
    answer["Content-Disposition"] = attachment("files.sh")
    return answer


@require_safe
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which imports the script that saves archives. Served here so that its scope may be `/s/`."""
    script = f'importScripts("{static("js/archive/saver.js")}");\n'
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
