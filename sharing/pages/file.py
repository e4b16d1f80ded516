"""A file's page: what it is, the links that lead to it, and making another."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from sharing.accounts.http import signed_in_user
from sharing.files.models import File
from sharing.links.forms import LinkForm
from sharing.links.models import Link
from sharing.pages.listing import ROWS


def _file_of(request: HttpRequest, pk: UUID) -> File:
    file: File = get_object_or_404(signed_in_user(request).files.present().select_related("upload"), pk=pk)
    return file


def _page(request: HttpRequest, file: File, form: LinkForm) -> HttpResponse:
    links = Link.objects.with_contents().filter(pk__in=file.links.values("pk"))[:ROWS]
    context = {"file": file, "links": links, "form": form}
    return render(request, "pages/file.html", context, status=422 if form.errors else 200)


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, _file_of(request, pk), LinkForm())


@require_POST
def make_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    file = _file_of(request, pk)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, file, form)
    link = Link.objects.make(owner=signed_in_user(request), files=[file], rules=form.rules, **form.words)
    messages.success(request, "The link is ready: copy it and send it.")
    return redirect(link)
