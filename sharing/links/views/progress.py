"""How far the files of a link have come, for a page that waits for them. Looking spends nothing and counts no view."""

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from sharing.addresses.errors import Locked
from sharing.addresses.views import LOCKED_STATUS
from sharing.files.progress import arrived_bytes
from sharing.http.best_effort import best_effort_value
from sharing.links.errors import LinkClosed
from sharing.links.gate import Admission, Gate
from sharing.links.models import Link
from sharing.links.views.gated import gated
from sharing.storage.errors import StorageError

# However many visitors watch a link, the bucket is asked this often.
FRESH_SECONDS = 3
KEPT_SECONDS = 300


@require_safe
@gated
def progress(gate: Gate) -> HttpResponse:
    try:
        admission = gate.enter()
    except Link.DoesNotExist:
        return JsonResponse({"state": "unknown"}, status=HTTPStatus.NOT_FOUND)
    except Locked:
        return JsonResponse({"state": "locked"}, status=LOCKED_STATUS)
    except LinkClosed:
        return JsonResponse({"state": gate.facts.state}, status=HTTPStatus.GONE)
    return JsonResponse({"state": admission.link.state, **_sums(admission)})


def _sums(admission: Admission) -> dict[str, int]:
    """Of all files: how many there are and are ready, their bytes, and how many of those have arrived."""
    link = admission.link
    arrived = _arrived(link) if link.ready_count < link.present_count else {}
    files = [item.file for item in link.contents]
    return {
        "count": link.present_count,
        "ready": link.ready_count,
        "size": link.weight,
        "arrived": sum(
            file.size if file.is_ready else min(arrived.get(file.pk, 0), file.size) for file in files
        ),
    }


def _arrived(link: Link) -> dict[UUID, int]:
    """What the bucket said some seconds ago at most; of all who ask at once, one waits for the bucket."""
    return best_effort_value(partial(_last_known, link), otherwise={})


def _last_known(link: Link) -> dict[UUID, int]:
    key = f"link-progress:{link.pk}"
    if cache.add(f"{key}:fresh", True, FRESH_SECONDS):
        try:
            arrived = arrived_bytes(item.file for item in link.contents if not item.file.is_ready)
        except StorageError:
            pass  # the last known will do for a page that only waits
        else:
            cache.set(key, arrived, KEPT_SECONDS)
            return arrived
    last_known: dict[UUID, int] = cache.get(key, {})
    return last_known
