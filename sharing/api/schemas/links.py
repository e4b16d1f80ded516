"""Links and the people to whom they are emailed."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StrictInt, StringConstraints

from sharing.addresses.expiry import expiry_of
from sharing.api.schemas.fields import STORABLE
from sharing.links.mail_forms import MAX_TEXT
from sharing.links.rules import MAX_FILES, Card

if TYPE_CHECKING:
    from sharing.links.models.link import CountedLink

Expiry = Literal["hour", "day", "week", "month", "none"]
# Blanks around them are dropped, as by the forms of the pages.
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), STORABLE]
Message = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), STORABLE]
DownloadLimit = Annotated[
    StrictInt | None, Field(description="How often it gives each of its files; null for any number.")
]
NewPassword = Annotated[str, Field(description="At least four characters; empty for none."), STORABLE]


def _chosen_expiry(expires_at: datetime | None, preset: str | None) -> dict[str, datetime | None]:
    """Return `expires_at` as a rule; nothing where neither is given. Raises InvalidExpiry."""
    if expires_at:
        return {"expires_at": expires_at}
    return {"expires_at": expiry_of(preset)} if preset else {}


class LinkIn(BaseModel):
    """A link to files of yours, which may still be on their way. `expires_at` wins over `expiry`."""

    files: Annotated[list[UUID], Field(min_length=1, max_length=MAX_FILES)]
    expiry: Annotated[Expiry | None, Field(description="Null for your own default.")] = None
    expires_at: AwareDatetime | None = None
    title: Title = ""
    message: Message = ""
    download_limit: DownloadLimit = None
    password: NewPassword = ""
    name: Annotated[str, Field(max_length=200, description="The readable part of its address."), STORABLE] = (
        ""
    )
    previews_allowed: Annotated[
        bool | None,
        Field(
            description="Whether files can be looked at before, which a limit rules out; null for your own default."
        ),
    ] = None
    card_shows: Annotated[
        Card, Field(description="What a chat tells of it: nothing ever of a link with a password.")
    ] = Card.SENDER

    @property
    def rules(self) -> dict[str, Any]:
        """Return the rules that were chosen, as `Rules.default_for` takes them. Raises InvalidExpiry."""
        names = {"download_limit", "password", "previews_allowed", "card_shows"}
        chosen = self.model_dump(include=names, exclude_none=True)
        return chosen | _chosen_expiry(self.expires_at, self.expiry)


class LinkFilesIn(BaseModel):
    """More files of yours for a link, which may still be on their way."""

    files: Annotated[list[UUID], Field(min_length=1, max_length=MAX_FILES)]


class LinkChangesIn(BaseModel):
    """Changes to a link; fields that are left out stay. `expires_at` wins over `expiry`."""

    expiry: Expiry | None = None
    expires_at: AwareDatetime | None = None
    title: Title = ""
    message: Message = ""
    download_limit: DownloadLimit = None
    password: NewPassword = ""

    @property
    def rules(self) -> dict[str, Any]:
        """Return the rules that were sent, as `Link.change_rules` takes them. Raises InvalidExpiry."""
        sent = self.model_dump(exclude_unset=True, exclude={"expiry", "expires_at"})
        return sent | _chosen_expiry(self.expires_at, self.expiry)


class RecipientsIn(BaseModel):
    """People to whom a link is emailed, each under an address of their own."""

    to: Annotated[
        str,
        Field(
            max_length=MAX_TEXT, description="Addresses as they are typed or pasted, with or without names."
        ),
        STORABLE,
    ]
    message: Message = ""


class RecipientsOut(BaseModel):
    """`mailed` counts the new recipients; `had_it` those to whom the link was mailed before: not again.

    Not `is_delivered`: no mail server is set up, and the mails lie in a folder of the site.
    """

    mailed: int
    had_it: int
    is_delivered: bool


class LinkOut(BaseModel):
    id: str
    url: str
    page_url: str
    state: str
    title: str
    name: str
    expires_at: datetime | None
    download_limit: int | None
    has_password: bool
    previews_allowed: bool
    card_shows: Card
    downloads: int
    views: int

    @classmethod
    def of(cls, link: "CountedLink") -> Self:
        return cls(
            id=link.public_id,
            url=link.url,
            page_url=link.get_absolute_url(),
            state=link.state,
            title=link.title,
            name=link.slug,
            expires_at=link.expires_at,
            download_limit=link.download_limit,
            has_password=bool(link.password),
            previews_allowed=link.previews_allowed,
            card_shows=Card(link.card_shows),
            downloads=link.download_count,
            views=link.view_count,
        )
