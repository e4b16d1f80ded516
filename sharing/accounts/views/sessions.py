"""Ends one of a user's sessions. allauth's page lists them, and ends all others at once."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=signed_in_user(request))
    session.end()
    messages.success(request, _("Signed out on that browser."))
    return redirect("usersessions_list")
