"""Defaults for a user's new links."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sharing.accounts.http import signed_in_user
from sharing.links.forms import LinkDefaultsForm


@require_http_methods(["GET", "HEAD", "POST"])
def change_defaults(request: HttpRequest) -> HttpResponse:
    form = LinkDefaultsForm(request.POST or None, instance=signed_in_user(request))
    if not form.is_valid():
        return render(request, "links/defaults.html", {"form": form})
    form.save()
    messages.success(request, _("Defaults for new links saved."))
    return redirect("link_defaults")
