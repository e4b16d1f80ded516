"""The one gate: whatever the address of a link leads to asks here whether this visitor may pass."""

from functools import cached_property
from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sharing import rate_limits, tokens
from sharing.addresses.errors import Locked
from sharing.addresses.passwords import is_too_long, normalized
from sharing.http.best_effort import best_effort
from sharing.links.errors import LinkClosed, WrongCode
from sharing.links.keys import JUST_OPENED, give_key, has_key
from sharing.links.models import Item, Link, OneTimeCode, TimeRequest
from sharing.links.public_facts import PublicFacts
from sharing.links.visitor import Visitor
from sharing.rate_limits import RateLimitExceeded, consume, refund

FIELD = "password"
CODE_FIELD = "code"
# What an Admission is made with, and nobody but the gate has.
_SEAL = object()


class SeeOther(HttpResponseRedirect):
    """303: fetch that with a GET, whatever this request was (RFC 9110 section 15.4.4)."""

    status_code = HTTPStatus.SEE_OTHER


class Admission:
    """That the gate has let this visitor in. What draws or hands out contents takes one; only a Gate makes one."""

    def __init__(self, gate: "Gate", link: Link, *, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("Only the gate admits.")
        self.link = link
        self.request = gate.request
        self.visitor = gate.visitor
        # With the readable part that the link has now.
        self.address = link.address_by(gate.token)

    @property
    def path(self) -> str:
        """Where the link's page is now, by the token that the visitor has."""
        return reverse("landing", args=[self.address])

    def open(self) -> HttpResponse:
        """A redirect to the page, with the key for the browser to keep where the link has one."""
        if not self.link.is_locked:
            return SeeOther(self.path)
        answer = SeeOther(f"{self.path}?{JUST_OPENED}")
        give_key(answer, self.link, path=self.path)
        return answer


class Gate:
    """One request to `/s/<address>/…`, where the address is a token, perhaps with a readable part before it.

    Who has a Gate and no Admission can draw `facts` alone.
    """

    def __init__(self, request: HttpRequest, address: str) -> None:
        self.request = request
        self.address = address
        self.token = tokens.without_slug(address)
        self.visitor = Visitor.of(request, self.token)
        self._is_admitted = False

    @cached_property
    def facts(self) -> PublicFacts:
        """What may be told to who is not let in. Raises Link.DoesNotExist."""
        return PublicFacts.of(self._link)

    @property
    def path(self) -> str:
        """The page's path as the visitor has it: a locked link does not tell its readable part."""
        return reverse("landing", args=[self.address])

    @property
    def is_listed_open(self) -> bool:
        """True if the link gives something, now or soon. Raises Link.DoesNotExist."""
        return self._link.is_listed_open

    @property
    def is_at_home(self) -> bool:
        """True if the address is the one that the link has now, with its readable part and nothing of the way in."""
        return self.address == self._link.address_by(self.token) and not self.was_just_opened

    @property
    def was_just_opened(self) -> bool:
        """True if what the link asks for was typed just now."""
        return JUST_OPENED in self.request.GET

    @property
    def is_passable(self) -> bool:
        """True if `enter` lets the visitor in without a password being typed."""
        return self._link.is_listed_open and has_key(self.request, self._link)

    def enter(self) -> Admission:
        """Admission to the link with its contents, as this visitor finds them.

        Raises Link.DoesNotExist, LinkClosed; Locked where the password or the code is missing or wrong; and
        RateLimitExceeded where it was tried too often.
        """
        if not self._link.is_listed_open:
            raise LinkClosed
        return self._admit(self._link)

    def enter_again(self) -> Admission:
        """Admission to what has been spent already, which one that is used up or expired may still give. Not weighed.

        Raises Link.DoesNotExist, LinkClosed, Locked, RateLimitExceeded.
        """
        if not self._unweighed.lets_finish():
            raise LinkClosed
        return self._admit(self._unweighed)

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

    def count_view(self) -> None:
        """Somebody looked, at a locked page, too. Called once the page is drawn, which is shown in any case."""
        with best_effort():
            self._unweighed.count_view()

    def record_latecomer(self, reason: str) -> None:
        """Record once a day that somebody came who cannot be let in any longer."""
        self._unweighed.record_refusal(reason, limit=rate_limits.LATECOMERS_RECORDED)

    def ask_for_more_time(self, *, name: str, words: str) -> None:
        """Mail the sender of a link that has expired, which needs no password. Raises LinkClosed, AskedTooOften."""
        TimeRequest.objects.ask(self._link, self.visitor, name=name, words=words)

    def mail_code(self) -> None:
        """Mail the recipient whose address this is a code. Raises as `enter` does, but for the code."""
        if not self._link.is_listed_open:
            raise LinkClosed
        if not (self._link.asks_for_code and self._link.recipient):
            raise Locked
        consume(rate_limits.CODE_MAILS, self._link.recipient.public_id)
        OneTimeCode.objects.mail_to(self._link.recipient)

    @cached_property
    def _unweighed(self) -> Link:
        """Who is at the address, whatever it holds now. Takes one query. Raises Link.DoesNotExist."""
        try:
            return Link.objects.by_token(self.token)
        except Link.DoesNotExist:
            self._guess_at_nothing()
            raise

    @cached_property
    def _link(self) -> Link:
        """The same with its contents, as this visitor finds them. Takes two queries. Raises Link.DoesNotExist."""
        link = self._unweighed
        link.weigh(link.items.present().seen_by(self.visitor, link.recipient))
        return link

    def _admit(self, link: Link) -> Admission:
        # Once a request: a code works once, and a try is taken once.
        if not (self._is_admitted or has_key(self.request, link)):
            if link.password:
                self._check_password(link)
            if link.asks_for_code:
                self._check_code(link)
        self._is_admitted = True
        return Admission(self, link, seal=_SEAL)

    def _check_password(self, link: Link) -> None:
        typed = self.request.POST.get(FIELD)
        if typed is None:
            raise Locked
        link.try_password(typed, network=self.visitor.network)

    def _check_code(self, link: Link) -> None:
        typed = self.request.POST.get(CODE_FIELD)
        if typed is None or link.recipient is None:
            raise Locked
        use = consume(rate_limits.CODE_TRIES, link.recipient.public_id, self.visitor.network)
        if not OneTimeCode.objects.accept(link.recipient, typed):
            link.record_refusal("code")
            raise WrongCode
        refund(use)

    def _guess_at_nothing(self) -> None:
        """Take as long for a password at an address that leads nowhere: whether a link is there, time does not tell."""
        if FIELD not in self.request.POST:
            return
        try:
            consume(rate_limits.PASSWORD_TRIES_AT_NOTHING, self.visitor.network)
        except RateLimitExceeded:
            return
        typed = self.request.POST[FIELD]
        check_password("" if is_too_long(typed) else normalized(typed), "")
