"""Links by API: what the dashboard's scripts make one with."""

from django.http import Http404, HttpRequest
from ninja import Router, Status

from sharing.accounts.http import signed_in_user
from sharing.api.problems import declared
from sharing.api.schemas import LinkIn, LinkOut
from sharing.links.expiry import expiry_of
from sharing.links.models import Link
from sharing.links.rules import Rules

router = Router(tags=["links"])


@router.post("", response={201: LinkOut}, openapi_extra=declared(404))
def make(request: HttpRequest, data: LinkIn) -> Status[LinkOut]:
    """A link to files of yours, which may still be on their way."""
    user = signed_in_user(request)
    files = list(user.files.present().filter(pk__in=data.files))
    if len(files) < len(set(data.files)):
        raise Http404
    link = Link.objects.make(
        owner=user,
        files=files,
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
