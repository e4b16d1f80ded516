"""The page that a request names as the next one: a path of this site, or it is not followed."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def next_page(request: HttpRequest, wanted: str, *, otherwise: str) -> str:
    """Return `wanted` if it is a path of this site, else `otherwise`.

    To be redirected to as it stands: `django.shortcuts.redirect` would take what is no path for the name of a view.
    """
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else otherwise
