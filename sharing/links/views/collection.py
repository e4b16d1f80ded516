"""All files of a link: in one archive that the visitor's own browser packs, or by a script for a shell."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.http import require_POST, require_safe

from sharing.addresses.errors import Locked
from sharing.links.archive_paths import ArchivePaths
from sharing.links.collecting import URLS_AT_ONCE, hand_out, receipt
from sharing.links.collecting import collect as spend_all
from sharing.links.gate import Gate
from sharing.links.script import archive_name, script
from sharing.links.views.gated import gated
from sharing.storage.disposition import attachment


@require_POST
@gated
def collect(gate: Gate) -> HttpResponse:
    """The files that were spent, under the paths they get in the archive."""
    admission = gate.enter()
    link = admission.link
    given = {item.pk for item in spend_all(admission)}
    # Of all of them, so that a file is called the same whatever else can be had.
    archive = ArchivePaths(item.file for item in link.contents)
    paths = zip(link.contents, archive.paths, strict=True)
    answer = JsonResponse(
        {
            "disposition": attachment(f"{archive_name(link)}.zip"),
            "receipt": receipt(admission),
            # Where those are listed that could not be fetched.
            "list": archive.unique("Not in this archive.txt"),
            "files": [
                {
                    "id": str(item.file.pk),
                    "path": path,
                    "size": item.file.size,
                    "modified": item.file.dated_at.isoformat(),
                    "etag": item.file.etag,
                }
                for item, path in paths
                if item.pk in given
            ],
        }
    )
    if link.download_limit is not None:
        gate.visitor.stay_known(answer, path=gate.path)
    return answer


@require_POST
@gated
def collection_urls(gate: Gate) -> HttpResponse:
    """URLs for up to a hundred files of a collection, `file` each; each good for as long as its file takes."""
    admission = gate.enter_again()
    try:
        ids = [UUID(value) for value in gate.request.POST.getlist("file")]
    except ValueError:
        ids = []
    if not 0 < len(ids) <= URLS_AT_ONCE:
        return JsonResponse(
            {"detail": f"Name 1 to {URLS_AT_ONCE} files by their ids."}, status=HTTPStatus.BAD_REQUEST
        )
    return JsonResponse({"urls": hand_out(admission, gate.request.POST.get("receipt", ""), ids)})


@require_safe
@gated
def collection_script(gate: Gate) -> HttpResponse:
    """For a shell: reading it spends nothing, running it spends each file as it is fetched."""
    admission = gate.enter()
    if admission.link.asks_for_code:
        raise Locked  # the code opened this browser, and no other
    answer = HttpResponse(script(admission), content_type="text/x-shellscript; charset=utf-8")
    answer["Content-Disposition"] = attachment("files.sh")
    return answer


@require_safe
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker: a script that imports the real one by its hashed name, from where its scope may be `/s/`."""
    script = f'importScripts("{static("js/archive/saver.js")}");\n'
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
