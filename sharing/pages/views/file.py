"""A file's page: the file, the links to it, and a form for another link."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.accounts.http import signed_in_user
from sharing.addresses.views import form_status
from sharing.files.forms import DirectURLForm
from sharing.files.models import File
from sharing.links.forms import LinkDefaultsForm, LinkForm
from sharing.links.models import Link
from sharing.listing import ROWS


def file_of(request: HttpRequest, pk: UUID) -> File:
    present = signed_in_user(request).files.present()
    file: File = get_object_or_404(present.select_related("upload__delivery__guest__request"), pk=pk)
    return file


def file_page(
    request: HttpRequest,
    file: File,
    *,
    form: LinkForm | None = None,
    direct_url_form: DirectURLForm | None = None,
    direct_url: str = "",
) -> HttpResponse:
    """Return the page of a file. `direct_url` is one that was just created: it is shown this once."""
    form, direct_url_form = (
        form or LinkForm(initial=LinkDefaultsForm.initial_of(signed_in_user(request))),
        direct_url_form or DirectURLForm(),
    )
    newest = file.links.filter(deleted_at=None).values_list("pk", flat=True)[:ROWS]
    context = {
        "file": file,
        "links": Link.objects.with_contents().filter(pk__in=list(newest)),
        "form": form,
        "direct_url": direct_url,
        "direct_url_form": direct_url_form,
        "trash_days": settings.TRASH_DAYS,
        "direct_urls": file.direct_urls.usable().select_related("made_by"),
    }
    return render(request, "pages/file.html", context, status=form_status(form, direct_url_form))


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return file_page(request, file_of(request, pk))


@require_POST
def make_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    file = file_of(request, pk)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return file_page(request, file, form=form)
    link = Link.objects.make(owner=signed_in_user(request), files=[file], rules=form.rules, **form.words)
    messages.success(request, _("Link created. Copy it and share it."))
    return redirect(link)
