"""The progress of the files of a link, for a page that waits for them. Spends nothing, and counts no view."""

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
    return JsonResponse({"state": admission.state, **_sums(admission)})


def _sums(admission: Admission) -> dict[str, int]:
    """Return how many files there are and how many are ready, their bytes, and how many of those have arrived."""
    contents = admission.contents
    arrived = _arrived(admission) if contents.ready_count < contents.count else {}
    files = [offer.file for offer in admission.offers]
    return {
        "count": contents.count,
        "ready": contents.ready_count,
        "size": contents.size,
        "arrived": sum(
            file.size if file.is_ready else min(arrived.get(file.pk, 0), file.size) for file in files
        ),
    }


def _arrived(admission: Admission) -> dict[UUID, int]:
    """Return the bytes that have arrived, by file. Asks the bucket every few seconds; meanwhile the cache answers."""
    return best_effort_value(partial(_last_known, admission), otherwise={})


def _last_known(admission: Admission) -> dict[UUID, int]:
    key = f"link-progress:{admission.link.pk}"
    if cache.add(f"{key}:fresh", True, FRESH_SECONDS):
        try:
            arrived = arrived_bytes(offer.file for offer in admission.offers if not offer.file.is_ready)
        except StorageError:
            pass  # the last known will do for a page that only waits
        else:
            cache.set(key, arrived, KEPT_SECONDS)
            return arrived
    last_known: dict[UUID, int] = cache.get(key, {})
    return last_known
