"""The settings of a link, changed by its owner, and a week more at a press of a button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.addresses.views import settings_view
from sharing.http.next_page import next_page
from sharing.links.settings_form import SettingsForm
from sharing.links.views.owner import link_of, link_page

change_settings = settings_view(SettingsForm, find=link_of, page=link_page)


@require_POST
def extend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Extend the link by a week, and lead back to `next`: the button is on several pages."""
    link = link_of(request, public_id)
    link.extend(by=signed_in_user(request))
    words = _("“%(name)s” is available for another week at the same link.")
    messages.success(request, words % {"name": link.label})
    back = next_page(request, request.POST.get("next", ""), otherwise=link.get_absolute_url())
    return HttpResponseRedirect(back)
