"""Direct URLs of a file: issuing one, which is shown once, and revoking all of them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.files.errors import FilesError
from sharing.files.forms import DirectURLForm
from sharing.pages.views.file import file_of, file_page


@never_cache
@require_POST
def make(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue a URL, and answer with the file's page: a redirect would have to store the URL."""
    file = file_of(request, pk)
    form = DirectURLForm(request.POST)
    if not form.is_valid():
        return file_page(request, file, direct_url_form=form)
    try:
        url, _ = file.create_direct_url(seconds=form.cleaned_data["lifetime"], by=signed_in_user(request))
    except FilesError as error:
        messages.error(request, str(error))
        return redirect(file)
    return file_page(request, file, direct_url=url)


@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    file = file_of(request, pk)
    if file.revoke_direct_urls(by=signed_in_user(request)):
        messages.success(
            request, _("The direct URLs stop working as soon as the storage has moved the file.")
        )
    return redirect(file)
