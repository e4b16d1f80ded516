"""The style sheet of the site's own accent colour: a policy without inline styles needs it at an address."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from sharing.site.accent import accent_of

# The names in static/css/tokens.css.
_SHEET = """@layer tokens {{
  :root {{
    --accent: var(--light, {light.accent}) var(--dark, {dark.accent});
    --accent-hover: var(--light, {light.hover}) var(--dark, {dark.hover});
    --on-accent: var(--light, {light.on_accent}) var(--dark, {dark.on_accent});
    --accent-wash: var(--light, {light.wash}) var(--dark, {dark.wash});
    --selected: var(--light, {light.accent}47) var(--dark, {dark.accent}47);
  }}
}}
"""


@login_not_required
@require_safe
@cache_control(public=True, max_age=60 * 60 * 24 * 365, immutable=True)
def accent(request: HttpRequest, digits: str) -> HttpResponse:
    """Return the tokens of a colour; to be kept for ever, since the address has the colour."""
    if not re.fullmatch(r"[0-9a-f]{6}", digits):
        raise Http404
    shades = accent_of(f"#{digits}")
    return HttpResponse(
        _SHEET.format(light=shades.light, dark=shades.dark), content_type="text/css; charset=utf-8"
    )
