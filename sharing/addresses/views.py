"""Views that links and requests share: the one that saves settings, and the headers of visitors' pages."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.addresses.forms import AddressForm
from sharing.addresses.protected_address import ProtectedAddress
from sharing.addresses.settings_form import SettingsForm

# For an address that asks for a password or a code. 401 would have to name one of HTTP's own schemes (RFC 9110
# section 15.5.2); after 403 one may try other credentials (section 15.5.4).
LOCKED_STATUS = HTTPStatus.FORBIDDEN


def settings_view[Subject: ProtectedAddress](
    form_class: type[SettingsForm[Any]],
    *,
    find: Callable[[HttpRequest, str], Subject],
    page: Callable[[HttpRequest, Subject, AddressForm[Any]], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Return a view that saves the settings of what `find` finds, and leads back to them.

    What is refused is shown by `page`, where it is, and told at the top.
    """

    @require_POST
    def change_settings(request: HttpRequest, public_id: str) -> HttpResponse:
        subject = find(request, public_id)
        form = form_class(request.POST, subject=subject)
        if not form.is_valid():
            messages.error(request, form.failure_message)
            return page(request, subject, form)
        form.save(by=signed_in_user(request))
        messages.success(request, form.success_message)
        return redirect(f"{subject.get_absolute_url()}#settings")

    return change_settings


def form_status(*shown: forms.Form | None) -> HTTPStatus:
    """Return 422 for a page that shows a refused form, else 200."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if any(form and form.errors for form in shown) else HTTPStatus.OK


def private(response: HttpResponse, *, referrer_policy: str = "no-referrer") -> HttpResponse:
    """Keep the answer out of search engines and caches, and its address from the sites that are visited next."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = referrer_policy
    response["Cache-Control"] = "no-store"
    return response
