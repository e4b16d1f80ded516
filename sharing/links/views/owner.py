"""A link's own page, and what its owner decides there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from sharing.accounts.http import signed_in_user
from sharing.links.forms import ExpiryForm
from sharing.links.history import history_of
from sharing.links.models import Link


def _link_of(request: HttpRequest, public_id: str) -> Link:
    return get_object_or_404(signed_in_user(request).links.with_contents(), public_id=public_id)


def _page(request: HttpRequest, link: Link, form: ExpiryForm) -> HttpResponse:
    context = {"link": link, "files": link.files.present(), "history": history_of(link), "form": form}
    return render(request, "links/link.html", context, status=422 if form.errors else 200)


@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, _link_of(request, public_id), ExpiryForm())


@require_POST
def change_expiry(request: HttpRequest, public_id: str) -> HttpResponse:
    link = _link_of(request, public_id)
    form = ExpiryForm(request.POST)
    if not form.is_valid():
        return _page(request, link, form)
    link.expire_at(form.cleaned_data["expires_at"], by=signed_in_user(request))
    messages.success(request, "The link's time is changed.")
    return redirect(link)


@require_POST
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    link = _link_of(request, public_id)
    link.revoke(by=signed_in_user(request))
    messages.success(request, "The link is revoked: nobody can download by it any longer.")
    return redirect(link)
