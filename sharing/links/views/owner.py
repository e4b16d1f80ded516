"""A link's own page, and what its owner decides there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from sharing.accounts.http import signed_in_user
from sharing.audit.models import Event
from sharing.links.forms import ExpiryForm, LinkForm
from sharing.links.models import Link

DOWNLOADS_SHOWN = 50


def _link_of(request: HttpRequest, public_id: str) -> Link:
    return get_object_or_404(signed_in_user(request).links.with_contents(), public_id=public_id)


def _explain(request: HttpRequest, form: ExpiryForm) -> None:
    for texts in form.errors.values():
        for text in texts:
            messages.error(request, str(text))


@require_POST
def make(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = signed_in_user(request)
    file = get_object_or_404(user.files.present(), pk=pk)
    form = LinkForm(request.POST)
    if not form.is_valid():
        _explain(request, form)
        return redirect(file)
    data = form.cleaned_data
    link = Link.objects.make(
        owner=user,
        files=[file],
        expires_at=data["expires_at"],
        title=data["title"],
        message=data["message"],
    )
    messages.success(request, "The link is ready: copy it and send it.")
    return redirect(link)


@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    link = _link_of(request, public_id)
    context = {
        "link": link,
        "files": link.files.present(),
        "downloads": link.downloads.select_related("file")[:DOWNLOADS_SHOWN],
        "events": Event.objects.filter(subject_type="link", subject_id=str(link.pk))[:DOWNLOADS_SHOWN],
        "form": ExpiryForm(),
    }
    return render(request, "links/link.html", context)


@require_POST
def change_expiry(request: HttpRequest, public_id: str) -> HttpResponse:
    link = _link_of(request, public_id)
    form = ExpiryForm(request.POST)
    if form.is_valid():
        link.expire_at(form.cleaned_data["expires_at"], by=signed_in_user(request))
        messages.success(request, "The link's time is changed.")
    else:
        _explain(request, form)
    return redirect(link)


@require_POST
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    link = _link_of(request, public_id)
    link.revoke(by=signed_in_user(request))
    messages.success(request, "The link is revoked: nobody can download by it any longer.")
    return redirect(link)
