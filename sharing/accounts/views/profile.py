"""A person's own name, as others see it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sharing.accounts.forms import ProfileForm
from sharing.accounts.http import signed_in_user


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=signed_in_user(request))
    if not form.is_valid():
        return render(request, "account/profile.html", {"form": form})
    form.save()
    messages.success(request, "Your name is saved.")
    return redirect("profile")
