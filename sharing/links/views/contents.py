"""Create a link for selected files, and remove a file from a link."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sharing.accounts.http import signed_in_user
from sharing.addresses.views import form_status
from sharing.files.models import File
from sharing.files.views.changes import UNDO
from sharing.links.errors import TooManyFiles
from sharing.links.forms import LinkDefaultsForm, LinkForm
from sharing.links.models import Link
from sharing.links.selection import Selection
from sharing.links.views.owner import link_of


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """GET shows the selected files and asks for the rules; POST creates the link."""
    is_sent = request.method == "POST"
    user = signed_in_user(request)
    try:
        selection = Selection.of(user, request.POST if is_sent else request.GET)
    except File.DoesNotExist as error:
        raise Http404 from error
    if not selection:
        messages.error(request, _("Select files first."))
        return redirect("dashboard")
    form = LinkForm(request.POST if is_sent else None, initial=LinkDefaultsForm.initial_of(user))
    if not is_sent or not form.is_valid():
        context = {"selection": selection, "form": form}
        return render(request, "links/new.html", context, status=form_status(form))
    try:
        link = Link.objects.make(owner=user, files=selection.all_files(), rules=form.rules, **form.words)
    except TooManyFiles as error:
        messages.error(request, str(error))
        return redirect("dashboard")
    messages.success(request, _("Link created. Copy it and share it."))
    return redirect(link)


@require_POST
def remove_file(request: HttpRequest, public_id: str, file_id: UUID) -> HttpResponse:
    link = link_of(request, public_id)
    file = get_object_or_404(link.files, pk=file_id)
    link.remove_file(file, by=signed_in_user(request))
    words = _("Removed “%(name)s” from this link. The file itself stays.") % {"name": file.name}
    undo = f"{reverse('link_files', args=[link.public_id])}?file={file.pk}"
    messages.success(request, words, extra_tags=f"{UNDO}{undo}")
    return redirect(f"{link.get_absolute_url()}?{request.GET.urlencode()}#contents" if request.GET else link)
