"""Tells an open page of an owner whether anything has happened that it shows."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from sharing.accounts.http import signed_in_user
from sharing.links.page_version import MAX_LINKS, page_version


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Answer 304 where nothing has happened since the version that the page has, else an empty 200 with the new one."""
    links = request.GET.getlist("link")[:MAX_LINKS]
    etag = quote_etag(page_version(signed_in_user(request), links))
    answer = HttpResponse(headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=answer) or answer
