"""What a request is held to, changed by its owner: one form and one verb for each rule."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.links.forms import NameForm, NewPasswordForm
from sharing.requests.forms import EndForm, LimitsForm, WordsForm
from sharing.requests.views import request_of, request_page


@require_POST
def change_words(request: HttpRequest, public_id: str) -> HttpResponse:
    asked, form = request_of(request, public_id), WordsForm(request.POST)
    if not form.is_valid():
        return request_page(request, asked, form)
    asked.change(by=signed_in_user(request), **form.words)
    messages.success(request, "The request's words are changed.")
    return redirect(asked)


@require_POST
def change_expiry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which also lets one that has expired take files again."""
    asked, form = request_of(request, public_id), EndForm(request.POST)
    if not form.is_valid():
        return request_page(request, asked, form)
    asked.change(by=signed_in_user(request), expires_at=form.cleaned_data["expires_at"])
    messages.success(request, "The request's time is changed.")
    return redirect(asked)


@require_POST
def change_limits(request: HttpRequest, public_id: str) -> HttpResponse:
    asked, form = request_of(request, public_id), LimitsForm(request.POST)
    if not form.is_valid():
        return request_page(request, asked, form)
    asked.change(by=signed_in_user(request), **form.limits)
    messages.success(request, "The request's limits are changed.")
    return redirect(asked)


@require_POST
def set_password(request: HttpRequest, public_id: str) -> HttpResponse:
    asked, form = request_of(request, public_id), NewPasswordForm(request.POST)
    if not form.is_valid():
        return request_page(request, asked, form)
    asked.set_password(form.cleaned_data["password"], by=signed_in_user(request))
    messages.success(
        request,
        "The request asks for that password now. It is not shown again: tell it to whom you send the address.",
    )
    return redirect(asked)


@require_POST
def remove_password(request: HttpRequest, public_id: str) -> HttpResponse:
    asked = request_of(request, public_id)
    asked.remove_password(by=signed_in_user(request))
    messages.success(request, "The request asks for no password any longer.")
    return redirect(asked)


@require_POST
def change_name(request: HttpRequest, public_id: str) -> HttpResponse:
    asked, form = request_of(request, public_id), NameForm(request.POST)
    if not form.is_valid():
        return request_page(request, asked, form)
    asked.set_slug(form.cleaned_data["name"], by=signed_in_user(request))
    messages.success(request, "The request's name is changed. Addresses that were sent before work as well.")
    return redirect(asked)
