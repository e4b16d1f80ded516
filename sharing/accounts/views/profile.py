"""A user's own name, as others see it, and the mails they want."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sharing.accounts.forms import NoticesForm, ProfileForm
from sharing.accounts.http import signed_in_user


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = signed_in_user(request)
    form = ProfileForm(request.POST or None, instance=user)
    if not form.is_valid():
        context = {"form": form, "notices": NoticesForm(instance=user)}
        return render(request, "account/profile.html", context)
    form.save()
    messages.success(request, _("Name saved."))
    return redirect("profile")


@require_POST
def notices(request: HttpRequest) -> HttpResponse:
    """Save one switch for each kind of mail. Such a form is always valid."""
    form = NoticesForm(request.POST, instance=signed_in_user(request))
    form.save()
    messages.success(request, _("Email notifications saved."))
    return redirect("profile")
