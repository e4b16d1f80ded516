"""The one-time page that creates the first account of an instance."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sharing.accounts import setup
from sharing.accounts.errors import AlreadySetUp
from sharing.accounts.forms import SetUpForm
from sharing.accounts.http import sign_in


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    if not (setup.is_setup_token(token) and setup.is_needed()):
        raise Http404
    form = SetUpForm(request.POST or None)
    if not form.is_valid():
        return render(request, "account/setup.html", {"form": form})
    try:
        user = setup.create_first_account(**form.cleaned_data)
    except AlreadySetUp as error:
        raise Http404 from error
    return sign_in(request, user)
