"""The progress of the files of a link, for a page that waits for them. Spends nothing, and counts no view."""

from functools import partial
from hashlib import sha256
from http import HTTPStatus
from uuid import UUID

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from sharing.addresses.errors import Locked
from sharing.addresses.views import LOCKED_STATUS
from sharing.files.progress import arrived_bytes
from sharing.http.best_effort import best_effort_value
from sharing.links.errors import LinkClosed
from sharing.links.gate import Admission, Gate
from sharing.links.models import Link
from sharing.links.offers import FRESH_SECONDS
from sharing.links.views.gated import gated
from sharing.storage.errors import StorageError

KEPT_SECONDS = 300


@require_safe
@gated
def progress(gate: Gate) -> HttpResponse:
    """Return the link's state and sums, or 304 if they are the same. Takes two queries while others watch the link."""
    try:
        gate.recall_totals()
        admission = gate.enter()
    except Link.DoesNotExist:
        return JsonResponse({"state": "unknown"}, status=HTTPStatus.NOT_FOUND)
    except Locked:
        return JsonResponse({"state": "locked"}, status=LOCKED_STATUS)
    except LinkClosed:
        return JsonResponse({"state": gate.facts.state}, status=HTTPStatus.GONE)
    answer = JsonResponse({"state": admission.state, **_sums(admission)})
    answer["ETag"] = quote_etag(sha256(answer.content).hexdigest()[:32])
    return get_conditional_response(gate.request, etag=answer["ETag"], response=answer) or answer


def _sums(admission: Admission) -> dict[str, int]:
    """Return how many files there are and how many are ready, their bytes, and how many of those have arrived."""
    contents = admission.contents
    arrived = _arrived(admission) if contents.ready_count < contents.count else {}
    return {
        "count": contents.count,
        "ready": contents.ready_count,
        "size": contents.size,
        "arrived": min(contents.size, admission.ready_size + _of_pending(admission, arrived)),
    }


def _of_pending(admission: Admission, arrived: dict[UUID, int]) -> int:
    """Return the bytes that have arrived of files that are not ready by now. Takes one query for any."""
    if not arrived:
        return 0
    pending = admission.link.files.filter(pk__in=arrived, ready_at=None, deleted_at=None)
    return sum(min(arrived[pk], size) for pk, size in pending.values_list("pk", "size"))


def _arrived(admission: Admission) -> dict[UUID, int]:
    """Return the bytes that have arrived, by file. Asks the bucket every few seconds; meanwhile the cache answers."""
    return best_effort_value(partial(_last_known, admission), otherwise={})


def _last_known(admission: Admission) -> dict[UUID, int]:
    key = f"link-progress:{admission.link.pk}"
    if cache.add(f"{key}:fresh", True, FRESH_SECONDS):
        try:
            arrived = arrived_bytes(admission.link.files.filter(ready_at=None, deleted_at=None))
        except StorageError:
            pass  # the last known will do for a page that only waits
        else:
            cache.set(key, arrived, KEPT_SECONDS)
            return arrived
    last_known: dict[UUID, int] = cache.get(key, {})
    return last_known
