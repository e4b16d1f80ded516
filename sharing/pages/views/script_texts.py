"""The texts of the scripts in another language than English."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sharing.pages import script_texts as texts


@login_not_required
@require_safe
def script_texts(request: HttpRequest, language: str, version: str) -> HttpResponse:
    """Return them; to be kept for ever under the address of the version that they have."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    answer = HttpResponse(texts.script_texts(language), content_type="text/javascript; charset=utf-8")
    is_current = version == texts.version_of(language)
    answer["Cache-Control"] = "max-age=31536000, public, immutable" if is_current else "no-cache"
    return answer
