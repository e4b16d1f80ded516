"""The one gate: whatever the address of a link leads to asks here whether this visitor may pass."""

from datetime import timedelta
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from sharing import tokens
from sharing.links import tries
from sharing.links.errors import LinkClosed, LinkLocked, TooManyTries, WrongCode
from sharing.links.models import Code, Item, Link
from sharing.links.rules import normalized
from sharing.links.visitor import Visitor

COOKIE = "waybill-key"
COOKIE_LIFE = timedelta(days=1)
FIELD = "password"
CODE_FIELD = "code"
# So many codes may be mailed to one recipient in a quarter of an hour.
CODES = 5


class Gate:
    """One request to `/s/<address>/…`, where the address is a token, perhaps with a readable part before it."""

    def __init__(self, request: HttpRequest, address: str) -> None:
        self.request = request
        self.address = address
        self.token = tokens.without_slug(address)
        self.visitor = Visitor.of(request)

    @cached_property
    def unweighed(self) -> Link:
        """Who is at the address, whatever it holds now. Takes one query. Raises Link.DoesNotExist."""
        try:
            return Link.objects.by_token(self.token)
        except Link.DoesNotExist:
            self._guess_at_nothing()
            raise

    @cached_property
    def link(self) -> Link:
        """The same with its contents, as this visitor finds them. Takes two queries. Raises Link.DoesNotExist."""
        link = self.unweighed
        link.weigh(link.items.present().seen_by(self.visitor, link.recipient))
        return link

    @property
    def path(self) -> str:
        """Where the link's page is now, by the token that the visitor has."""
        return self.link.path_by(self.token)

    @property
    def is_at_home(self) -> bool:
        """Whether the address has the readable part that the link has now."""
        return self.address == self.link.address_by(self.token)

    @property
    def is_passable(self) -> bool:
        """Whether `enter` lets the visitor in without a password being typed."""
        return self.link.is_live and self._has_key(self.link)

    def enter(self) -> Link:
        """The link, which gives something, and to this visitor.

        Raises Link.DoesNotExist, LinkClosed; and LinkLocked where the password or the code is missing, wrong or
        tried too often.
        """
        if not self.link.is_live:
            raise LinkClosed
        self._admit(self.link)
        return self.link

    def enter_again(self) -> Link:
        """The link for what has been spent already, which one that is used up may still give. It is not weighed.

        Raises Link.DoesNotExist, LinkClosed, LinkLocked.
        """
        if not self.unweighed.is_alive():
            raise LinkClosed
        self._admit(self.unweighed)
        return self.unweighed

    def item(self, file_id: UUID) -> Item:
        """The link's line for a file; spending it says whether the link is alive. Takes one query.

        Raises Item.DoesNotExist, and what `enter` raises.
        """
        try:
            item = Item.objects.by_token(self.token, file_id, self.visitor)
        except Item.DoesNotExist:
            self.enter()  # a locked link does not tell which files it has not
            raise
        self._admit(item.link)
        return item

    def mail_code(self) -> None:
        """Mail the recipient whose address this is a code. Raises as `enter` does, but for the code."""
        if not self.link.is_live:
            raise LinkClosed
        if not (self.link.asks_for_code and self.link.recipient):
            raise LinkLocked
        tries.take(f"code-mail.{self.link.recipient.public_id}", "", limit=CODES)
        Code.objects.mail_to(self.link.recipient)

    def remember(self, response: HttpResponse) -> None:
        """Have the browser keep the key, for this link alone and until the password is another."""
        response.set_cookie(
            COOKIE,
            _signer(self.link).sign("open"),
            max_age=COOKIE_LIFE,
            path=self.path,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )

    def _admit(self, link: Link) -> None:
        if self._has_key(link):
            return
        if link.password:
            self._check_password(link)
        if link.asks_for_code:
            self._check_code(link)

    def _check_password(self, link: Link) -> None:
        typed = self.request.POST.get(FIELD)
        if typed is None:
            raise LinkLocked
        link.try_password(typed, network=self.visitor.network)

    def _check_code(self, link: Link) -> None:
        typed = self.request.POST.get(CODE_FIELD)
        if typed is None or link.recipient is None:
            raise LinkLocked
        one_try = tries.take(f"code.{link.recipient.public_id}", self.visitor.network)
        if not Code.objects.accept(link.recipient, typed):
            link.note_refusal("code")
            raise WrongCode
        tries.give_back(one_try)

    def _has_key(self, link: Link) -> bool:
        if not link.is_locked:
            return True
        try:
            _signer(link).unsign(self.request.COOKIES.get(COOKIE, ""), max_age=COOKIE_LIFE)
        except BadSignature:
            return False
        return True

    def _guess_at_nothing(self) -> None:
        """Take as long for a password at an address that leads nowhere: whether a link is there, time does not tell."""
        if FIELD not in self.request.POST:
            return
        try:
            tries.take("unknown", self.visitor.network)
        except TooManyTries:
            return
        check_password(normalized(self.request.POST[FIELD]), "")


def _signer(link: Link) -> TimestampSigner:
    """For one link and one password: a hash has its own salt, so that even the same password set anew differs.

    Where a code is asked for, the key is the recipient's alone.
    """
    holder = link.recipient.public_id if link.asks_for_code and link.recipient else ""
    return TimestampSigner(salt=f"sharing.links.gate.{link.public_id}.{link.password}.{holder}")
