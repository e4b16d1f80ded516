"""The page behind the link of an invitation: it creates an account for the address that the link was mailed to."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sharing.accounts.errors import InvitationClosed
from sharing.accounts.forms import InvitedSignUpForm
from sharing.accounts.http import sign_in
from sharing.accounts.models import Invitation


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing. POST creates the account and uses up the invitation."""
    try:
        invitation = Invitation.objects.by_token(token)
    except Invitation.DoesNotExist as error:
        raise Http404 from error
    if not invitation.is_open:
        return _closed(request)
    form = InvitedSignUpForm(request.POST or None, email=invitation.email)
    if request.user.is_authenticated or not form.is_valid():
        return render(request, "account/invitation.html", {"form": form, "invitation": invitation})
    try:
        user = invitation.accept(**form.cleaned_data)
    except InvitationClosed:
        return _closed(request)
    return sign_in(request, user)


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "account/invitation_closed.html", status=HTTPStatus.GONE)
