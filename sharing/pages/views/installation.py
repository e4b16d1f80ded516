"""The web app manifest and the icon, by which browsers show the site among their apps and bookmarks."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from sharing.site.current import site

# As --paper in static/css/tokens.css.
PAPER = "#f6f2ea"

# No longer, since staff may change the name.
_for_an_hour = cache_control(public=True, max_age=60 * 60)


@login_not_required
@require_safe
@_for_an_hour
def manifest(request: HttpRequest) -> HttpResponse:
    """Return the web app manifest (W3C Web Application Manifest), by which a phone puts the site on its home screen."""
    content = {
        "id": reverse("dashboard"),
        "name": site.name,
        "description": _("Send files from a bucket you own."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("dashboard"),
        "scope": reverse("dashboard"),
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            _icon("img/favicon.svg", "any", "image/svg+xml"),
            _icon("img/icon-192.png", "192x192"),
            _icon("img/icon-512.png", "512x512"),
            _icon("img/icon-maskable-512.png", "512x512", purpose="maskable"),
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@login_not_required
@require_safe
@_for_an_hour
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect to the icon: some programs ask for this address whatever the page says."""
    return HttpResponseRedirect(static("img/icon-48.png"))


def _icon(path: str, sizes: str, media_type: str = "image/png", *, purpose: str = "any") -> dict[str, str]:
    return {"src": static(path), "sizes": sizes, "type": media_type, "purpose": purpose}
