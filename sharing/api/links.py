"""Links by API, as the dashboard's scripts create them."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from sharing.accounts.http import signed_in_user
from sharing.accounts.models import User
from sharing.addresses.expiry import expiry_of
from sharing.api.problems import declared
from sharing.api.schemas import LinkFilesIn, LinkIn, LinkOut
from sharing.files.models import File
from sharing.links.models import Link
from sharing.links.rules import Rules
from sharing.links.selection import own_files

router = Router(tags=["links"])


@router.post("", response={201: LinkOut}, openapi_extra=declared(404))
def make(request: HttpRequest, data: LinkIn) -> Status[LinkOut]:
    """A link to files of yours, which may still be on their way."""
    user = signed_in_user(request)
    link = Link.objects.make(
        owner=user,
        files=_own_files(user, data.files),
        rules=Rules(
            expires_at=data.expires_at or expiry_of(data.expiry),
            download_limit=data.download_limit,
            password=data.password,
            previews_allowed=data.previews_allowed,
            card_shows=data.card_shows,
        ),
        title=data.title,
        message=data.message,
        name=data.name,
    )
    return Status(201, LinkOut.of(user.links.with_contents().get(pk=link.pk)))


@router.post("/{link_id}/files/", response=LinkOut, openapi_extra=declared(404))
def add_files(request: HttpRequest, link_id: str, data: LinkFilesIn) -> LinkOut:
    """Grant more files by a link, under its rules. Those that it has already stay as they are."""
    user = signed_in_user(request)
    links = user.links.with_contents()
    link = get_object_or_404(links, public_id=link_id)
    link.add_files(_own_files(user, data.files), by=user)
    return LinkOut.of(links.get(pk=link.pk))


def _own_files(user: User, ids: list[UUID]) -> list[File]:
    try:
        return own_files(user, map(str, ids))
    except File.DoesNotExist as error:
        raise Http404 from error
