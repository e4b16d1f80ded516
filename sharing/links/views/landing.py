"""What somebody who was sent a link sees. Looking spends nothing; a POST does."""

from uuid import UUID

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from sharing.links.errors import LinkClosed
from sharing.links.models import Item, Link
from sharing.links.visitor import Visitor

LIVE_STATES = {Link.State.OPEN, Link.State.ARRIVING}
# As far as a visitor can tell, for good: RFC 9110 section 15.5.11.
_GONE = 410


class SeeOther(HttpResponseRedirect):
    """303: fetch that with a GET, whatever this request was (RFC 9110 section 15.4.4)."""

    status_code = 303


@login_not_required
@require_safe
def landing(request: HttpRequest, token: str) -> HttpResponse:
    try:
        link = Link.objects.by_token(token, Visitor.of(request))
    except Link.DoesNotExist:
        return private(render(request, "links/unknown.html", status=404))
    if request.method == "GET":
        link.count_view()
    return _page(request, link)


# A visitor has no session to protect, and a link must work without cookies: the token in the path is the proof.
@csrf_exempt
@login_not_required
@require_POST
def download(request: HttpRequest, token: str, file_id: UUID) -> HttpResponse:
    visitor = Visitor.of(request)
    try:
        item = Item.objects.by_token(token, file_id, visitor)
        url = item.spend(visitor)
    except Item.DoesNotExist:
        return private(render(request, "links/unknown.html", status=404))
    except LinkClosed:
        return _page(request, Link.objects.by_token(token, visitor))
    answer = private(SeeOther(url))
    if item.link.download_limit is not None:
        visitor.stay_known(answer, path=reverse("landing", args=[token]))
    return answer


def _page(request: HttpRequest, link: Link) -> HttpResponse:
    qr = segno.make(link.url, error="m").svg_inline(border=0, omitsize=True, svgclass="", lineclass="")
    context = {"link": link, "state": link.state, "qr": mark_safe(qr)}  # noqa: S308 (segno's own drawing)
    status = 200 if link.state in LIVE_STATES else _GONE
    return private(render(request, "links/landing.html", context, status=status))


def private(response: HttpResponse) -> HttpResponse:
    """For no search engine, no cache, and no site that is visited next."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
