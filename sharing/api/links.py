"""Links by API, as the dashboard's scripts create them."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from sharing.accounts.http import signed_in_user
from sharing.accounts.models import User
from sharing.api.problems import declared
from sharing.api.schemas.links import LinkChangesIn, LinkFilesIn, LinkIn, LinkOut, RecipientsIn, RecipientsOut
from sharing.files.models import File
from sharing.links.errors import InvalidRecipients
from sharing.links.mail_forms import MailForm
from sharing.links.models import Link
from sharing.links.rules import Rules
from sharing.links.selection import own_files
from sharing.mail.outbox import is_mail_server_set

router = Router(tags=["links"])


@router.post("", response={201: LinkOut}, openapi_extra=declared(404))
def make(request: HttpRequest, data: LinkIn) -> Status[LinkOut]:
    """A link to files of yours, which may still be on their way."""
    user = signed_in_user(request)
    link = Link.objects.make(
        owner=user,
        files=_own_files(user, data.files),
        rules=Rules.default_for(user, **data.rules),
        title=data.title,
        message=data.message,
        name=data.name,
    )
    return Status(201, LinkOut.of(user.links.with_contents().get(pk=link.pk)))


@router.post("/{link_id}/files/", response=LinkOut, openapi_extra=declared(404))
def add_files(request: HttpRequest, link_id: str, data: LinkFilesIn) -> LinkOut:
    """Grant more files by a link, under its rules. Those that it has already stay as they are."""
    user = signed_in_user(request)
    links = user.links.with_contents().filter(deleted_at=None)
    link = get_object_or_404(links, public_id=link_id)
    link.add_files(_own_files(user, data.files), by=user)
    return LinkOut.of(links.get(pk=link.pk))


@router.patch("/{link_id}/", response=LinkOut, openapi_extra=declared(404))
def change(request: HttpRequest, link_id: str, data: LinkChangesIn) -> LinkOut:
    """Change rules of a link. Those that nothing is said of stay as they are."""
    user = signed_in_user(request)
    links = user.links.with_contents().filter(deleted_at=None)
    link = get_object_or_404(links, public_id=link_id)
    link.change_rules(data.rules, by=user)
    return LinkOut.of(links.get(pk=link.pk))


@router.post("/{link_id}/recipients/", response=RecipientsOut, openapi_extra=declared(404, 409))
def mail(request: HttpRequest, link_id: str, data: RecipientsIn) -> RecipientsOut:
    """Email a link to people. Those who have it already are not mailed again."""
    user = signed_in_user(request)
    link = get_object_or_404(user.links.with_contents(), public_id=link_id, deleted_at=None)
    form = MailForm({"addresses": data.to, "message": data.message}, subject=link)
    if not form.is_valid():
        raise InvalidRecipients(" ".join(str(words) for errors in form.errors.values() for words in errors))
    new = form.save(by=user)
    had_it = len(form.cleaned_data["people"]) - len(new)
    return RecipientsOut(mailed=len(new), had_it=had_it, is_delivered=is_mail_server_set())


def _own_files(user: User, ids: list[UUID]) -> list[File]:
    try:
        return own_files(user, map(str, ids))
    except File.DoesNotExist as error:
        raise Http404 from error
