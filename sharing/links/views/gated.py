"""The decorator of every public view of a link: the gate before it, and the pages for visitors it does not let in."""

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from sharing.addresses.errors import Locked, WrongPassword
from sharing.addresses.qr_code import qr_code
from sharing.addresses.views import LOCKED_STATUS, private
from sharing.links.cached_page import get_or_render
from sharing.links.contents_page import ContentsPage
from sharing.links.errors import LinkClosed, WrongCode
from sharing.links.gate import Admission, Gate
from sharing.links.models import Item, Link
from sharing.links.script import curl_lines, script_line
from sharing.rate_limits import RateLimitExceeded
from sharing.storage.errors import ObjectMissing, StorageError

_RETRY_AFTER = 5  # seconds

# A shell takes so many files by a command each; for more there is the script.
_COMMANDS = 20


def gated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view of `/s/<address>/…` a Gate, and answer what the gate raises with the page that explains it."""

    # A visitor has no session to protect, and a link must work without cookies: its token is the credential.
    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answering(request: HttpRequest, address: str, **steps: Any) -> HttpResponse:
        gate = Gate(request, address)
        try:
            return private(view(gate, **steps))
        except (Link.DoesNotExist, Item.DoesNotExist):
            return private(render(request, "addresses/unknown.html", status=HTTPStatus.NOT_FOUND))
        except (LinkClosed, Locked, RateLimitExceeded) as refusal:
            return private(_refused(gate, refusal))
        except StorageError as error:
            return private(_ungiven(gate, error))

    return answering


def open_page(admission: Admission, *, status: int = 200) -> HttpResponse:
    """Return the page of an open link, from the cache if it would be rendered the same now."""
    content = get_or_render(admission, partial(_render_page, admission))
    return HttpResponse(content, status=status)


def _render_page(admission: Admission) -> bytes:
    link, contents = admission.link, admission.contents
    can_be_typed = contents.available_count <= _COMMANDS and not admission.is_long
    context = {
        "link": link,
        "state": admission.state,
        "recipient": admission.access.recipient,
        "contents": contents,
        "label": link.label_with(contents),
        "offers": admission.first_offers,
        "available_size": admission.available_size,
        "address": admission.address,
        "url": admission.url,
        "qr": qr_code(admission.url),
        "contents_page": ContentsPage(admission),
        "curl_lines": curl_lines(admission) if can_be_typed else [],
        "script_line": script_line(admission),
    }
    return render(admission.request, "links/open.html", context).content


def closed_page(gate: Gate, *, status: int = HTTPStatus.GONE, **more: Any) -> HttpResponse:
    """Return the page of a refused visitor, from facts that anybody may read; `more` is for the state's template."""
    context = {"facts": gate.facts, "address": gate.address, **more}
    return render(gate.request, "links/closed.html", context, status=status)


def _ungiven(gate: Gate, error: StorageError) -> HttpResponse:
    """Return the page that says the bucket does not give the file, for now or for good."""
    is_gone = isinstance(error, ObjectMissing)
    context = {
        "is_gone": is_gone,
        "back": reverse("landing", args=[gate.address]),
        "retry_after": _RETRY_AFTER,
    }
    answer = render(
        gate.request,
        "links/storage.html",
        context,
        status=HTTPStatus.GONE if is_gone else HTTPStatus.SERVICE_UNAVAILABLE,
    )
    if not is_gone:
        answer["Retry-After"] = str(_RETRY_AFTER)
    return answer


def _refused(gate: Gate, refusal: LinkClosed | Locked | RateLimitExceeded) -> HttpResponse:
    """A link that has ended says so, whether it has a password or not; a locked one tells whom it is from."""
    if not gate.is_listed_open:
        gate.record_latecomer(gate.facts.state)
        return closed_page(gate)
    if not isinstance(refusal, LinkClosed):
        return _locked_page(gate, refusal)
    # Of a link that is open, one file has been downloaded as often as it may be. Nothing was given, and a shell
    # that wanted a file must not take this page for it.
    try:
        page = open_page(gate.enter(), status=HTTPStatus.CONFLICT)
    except (Locked, RateLimitExceeded) as locked:
        return _locked_page(gate, locked)
    gate.record_latecomer(Link.State.USED_UP)
    return page


def _locked_page(gate: Gate, refusal: Locked | RateLimitExceeded) -> HttpResponse:
    if isinstance(refusal, RateLimitExceeded):
        answer = closed_page(gate, status=HTTPStatus.TOO_MANY_REQUESTS, minutes=refusal.minutes)
        answer["Retry-After"] = str(refusal.retry_after)
        return answer
    return closed_page(
        gate,
        status=LOCKED_STATUS,
        is_wrong=isinstance(refusal, WrongPassword),
        is_wrong_code=isinstance(refusal, WrongCode),
        keeps_no_cookie=gate.was_just_opened,
        is_code_sent="code" in gate.request.GET or isinstance(refusal, WrongCode),
    )
