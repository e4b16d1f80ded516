"""Downloads all files of a link: as one archive that the visitor's browser packs, or by a shell script."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.http import require_POST, require_safe

from sharing.addresses.errors import Locked
from sharing.links.archive_listing import archive_listing
from sharing.links.collecting import issue_urls, read_ids, receipt, spend_all
from sharing.links.gate import Gate
from sharing.links.script import archive_name, script
from sharing.links.views.gated import gated
from sharing.storage.disposition import attachment
from sharing.storage.saved_names import safe_name


@require_POST
@gated
def collect(gate: Gate) -> HttpResponse:
    """Spend the available files, or those of a `folder`, and list them with the paths they get in the archive."""
    admission = gate.enter()
    link = admission.link
    folder = gate.request.POST.get("folder", "")
    given = {offer.file.pk for offer in spend_all(admission, folder=folder)}
    files = [offer.file for offer in admission.offers]
    name = safe_name(folder.rpartition("/")[2]) if folder else archive_name(link)
    listing = archive_listing(name, files, given=given)
    answer = JsonResponse({"receipt": receipt(admission), **listing})
    if link.download_limit is not None:
        gate.visitor.stay_known(answer, path=gate.path)
    return answer


@require_POST
@gated
def collection_urls(gate: Gate) -> HttpResponse:
    """Issue presigned URLs for up to a hundred files of a collection: one `file` parameter each, and its `receipt`."""
    admission = gate.enter_again()
    try:
        ids = read_ids(gate.request.POST)
    except ValueError as error:
        return JsonResponse({"detail": str(error)}, status=HTTPStatus.BAD_REQUEST)
    return JsonResponse({"urls": issue_urls(admission, gate.request.POST.get("receipt", ""), ids)})


@require_safe
@gated
def collection_script(gate: Gate) -> HttpResponse:
    """Return a shell script. Reading it spends nothing; running it spends each file as it is downloaded."""
    admission = gate.enter()
    if admission.link.asks_for_code:
        raise Locked  # the code opened this browser, and no other
    answer = HttpResponse(script(admission), content_type="text/x-shellscript; charset=utf-8")
    answer["Content-Disposition"] = attachment("files.sh")
    return answer


@require_safe
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker, which imports the script that saves archives.

    Its scope may be the folder it is served in.
    """
    script = f'importScripts("{static("js/archive/saver.js")}");\n'
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
