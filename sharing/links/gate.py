"""The one gate: every page below the address of a link asks here whether this visitor may enter."""

from collections.abc import Sequence
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sharing import tokens
from sharing.links import page_cache, unlocking
from sharing.links.access import Access
from sharing.links.contents import Contents
from sharing.links.errors import LinkClosed
from sharing.links.models import Item, Link, TimeRequest
from sharing.links.offers import (
    LongListing,
    Offer,
    Totals,
    find_offer,
    last_totals,
    offers_to,
)
from sharing.links.public_facts import PublicFacts
from sharing.links.statements import FILES_A_PAGE, first_items
from sharing.links.view_counter import VIEWS
from sharing.links.visitor import Visitor
from sharing.rate_limits import LATECOMERS_RECORDED
from sharing.signed_cookies import JUST_OPENED

if TYPE_CHECKING:
    from sharing.links.models.item import SeenItem
    from sharing.prepared import FetchedRows

# Passed to an Admission; only the gate has it, so nobody else can make one.
_SEAL = object()


class SeeOther(HttpResponseRedirect):
    """303: fetch that with a GET, whatever this request was (RFC 9110 section 15.4.4)."""

    status_code = HTTPStatus.SEE_OTHER.value  # a plain number, as logs show it


class Admission:
    """Proof that the gate has let this visitor in. Whatever shows or hands out contents takes one."""

    def __init__(self, gate: "Gate", access: Access, *, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("Only the gate admits.")
        self._gate = gate
        self.access = access
        self.link = access.link
        self.request = gate.request
        self.visitor = gate.visitor
        self.token = gate.token
        # With the slug that the link has now.
        self.address = access.link.address_by(gate.token)

    @property
    def path(self) -> str:
        """The path of the link's page by the visitor's token."""
        return reverse("landing", args=[self.address])

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.path}"

    @property
    def offers(self) -> Sequence[Offer]:
        """The files of the link, as this visitor finds them. Takes one query, once a request."""
        return self._gate._offers

    @property
    def first_offers(self) -> Sequence[Offer]:
        """The first of them: all where they fit on a page, else 101."""
        return self._gate._first_offers

    @property
    def first_rows(self) -> "FetchedRows[SeenItem]":
        """The rows of the first offers, of which no instances are made until these are read."""
        return self._gate._first_rows

    @property
    def is_long(self) -> bool:
        """True if the files do not fit on one page."""
        return self._gate._is_long

    def search(self, words: str) -> LongListing:
        """Return the offers of a long link whose path has these words. Takes a query."""
        return LongListing(self.visitor, self.access, words=words)

    def listing(self, folder: str) -> LongListing:
        """Return the offers of a long link that are right in this folder, "" for the top."""
        count = sum(total.count for total in self.totals.paths if total.path == folder)
        # They come in the order of their paths: those of the first path are read already.
        is_first = self.first_offers[0].file.path == folder
        first = [offer for offer in self.first_offers if offer.file.path == folder] if is_first else []
        return LongListing(self.visitor, self.access, folder=folder, count=count, first=first)

    def offer_of(self, file_id: UUID) -> Offer:
        """Return the offer of one file, without reading the others. Takes one query. Raises Item.DoesNotExist."""
        offer = find_offer(self._gate.token, file_id, self.visitor)
        if offer.file.deleted_at:
            raise Item.DoesNotExist
        return offer

    @property
    def totals(self) -> Totals:
        """Counts and sizes of all files for this visitor."""
        return self._gate._totals

    @property
    def contents(self) -> Contents:
        return self.totals.contents

    @property
    def ready_size(self) -> int:
        """The bytes of the files that have arrived."""
        return self.totals.ready_size

    @property
    def available_size(self) -> int:
        """The bytes of the files that this visitor may download."""
        return self.totals.available_size

    @property
    def state(self) -> Link.State:
        return self._gate._state

    def redirect_with_key(self) -> HttpResponse:
        """Return a redirect to the page, with the key for the browser to keep where the link has one."""
        if not self.link.is_locked:
            return SeeOther(self.path)
        answer = SeeOther(f"{self.path}?{JUST_OPENED}")
        unlocking.give_key(answer, self.access, path=self.path)
        return answer


class Gate:
    """One request to `/s/<address>/…`, where the address is a token, perhaps with a slug before it.

    Without an Admission, `facts` are all that can be shown.
    """

    def __init__(self, request: HttpRequest, address: str) -> None:
        self.request = request
        self.address = address
        self.token = tokens.without_slug(address)
        self.visitor = Visitor.of(request, self.token)
        self._is_admitted = False

    @cached_property
    def facts(self) -> PublicFacts:
        """Return the facts that anybody may read who has the address. Raises Link.DoesNotExist."""
        return PublicFacts.of(self._access, self._totals.contents)

    @property
    def path(self) -> str:
        """The path of the page by the address as the visitor has it: a locked link does not tell its slug."""
        return reverse("landing", args=[self.address])

    @property
    def is_listed_open(self) -> bool:
        """True if files can be downloaded, now or once they have arrived. Raises Link.DoesNotExist."""
        return self._state.is_listed_open

    @property
    def is_at_home(self) -> bool:
        """True if the address has the link's present slug, and the query tells nothing of the way in."""
        return self.address == self._access.link.address_by(self.token) and not self.was_just_opened

    @property
    def was_just_opened(self) -> bool:
        """True if the password or the code was typed just now."""
        return JUST_OPENED in self.request.GET

    def recall_totals(self) -> None:
        """Take for what the files come to what was counted in the last 3 s, for a page that only waits.

        Takes one look into the cache, and else one query. Not where downloads are counted: there each visitor has
        totals of their own. Raises Link.DoesNotExist.
        """
        if self._access.link.download_limit is None:
            self._totals = last_totals(self.visitor, self._access)

    @property
    def is_passable(self) -> bool:
        """True if `enter` lets the visitor in without a password being typed."""
        return self.is_listed_open and unlocking.has_key(self.request, self._access)

    def enter(self) -> Admission:
        """Return the admission to the link.

        Raises Link.DoesNotExist, LinkClosed; Locked where the password or the code is missing or wrong; and
        RateLimitExceeded where it was tried too often.
        """
        if not self.is_listed_open:
            raise LinkClosed
        return self._admit(self._access)

    def enter_again(self) -> Admission:
        """Return the admission to files whose downloads are spent, which a used up or expired link still gives.

        Raises Link.DoesNotExist, LinkClosed, Locked, RateLimitExceeded.
        """
        if not self._access.lets_finish():
            raise LinkClosed
        return self._admit(self._access)

    def offer(self, file_id: UUID) -> Offer:
        """Return the offer of one file, whose `download` checks the link. Takes one query.

        Raises Item.DoesNotExist, and what `enter` raises.
        """
        try:
            offer = find_offer(self.token, file_id, self.visitor)
        except Item.DoesNotExist:
            self.enter()  # a locked link does not tell which files it has not
            raise
        self._admit(offer.access)
        return offer

    def count_view(self) -> None:
        """Count a view, of a locked page too. Takes no query."""
        VIEWS.count(self._access.link, self._access.recipient)

    def record_latecomer(self, reason: str) -> None:
        """Record once a day that a visitor came who cannot be let in any longer."""
        self._access.link.record_refusal(reason, limit=LATECOMERS_RECORDED)

    def ask_for_more_time(self, *, name: str, words: str) -> None:
        """Mail the sender of an expired link, which needs no password. Raises LinkClosed, AskedTooOften."""
        if self._state != Link.State.EXPIRED:
            raise LinkClosed
        TimeRequest.objects.ask(
            self._access.link, self._access.recipient, network=self.visitor.network, name=name, words=words
        )

    def mail_code(self) -> None:
        """Mail a code to the recipient whose address this is. Raises as `enter` does, but for the code."""
        if not self.is_listed_open:
            raise LinkClosed
        unlocking.mail_code(self._access)

    @cached_property
    def _access(self) -> Access:
        """Return the access by this token. Takes one query. Raises Link.DoesNotExist."""
        try:
            return Access.by_token(self.token)
        except Link.DoesNotExist:
            unlocking.hash_dummy_password(self.request, network=self.visitor.network)
            raise

    @cached_property
    def _first_rows(self) -> "FetchedRows[SeenItem]":
        """Return the rows of the first offers. Takes one query."""
        return first_items(self._access.link, self.visitor, self._access.recipient)

    @cached_property
    def _first_offers(self) -> Sequence[Offer]:
        return [Offer(item, self._access) for item in self._first_rows.instances]

    @property
    def _is_long(self) -> bool:
        return len(self._first_rows) > FILES_A_PAGE

    @cached_property
    def _offers(self) -> Sequence[Offer]:
        return offers_to(self.visitor, self._access) if self._is_long else self._first_offers

    @cached_property
    def _totals(self) -> Totals:
        if self._is_long:
            return Totals.counted(self.visitor, self._access)
        cached = page_cache.RENDERED_PAGES.totals(self.token, self._access.link, self._first_rows)
        return cached or Totals.of(self._first_offers)

    @property
    def _state(self) -> Link.State:
        return self._access.state_with(self._totals.contents)

    def _admit(self, access: Access) -> Admission:
        # Once a request: a code works once, and a try is counted once.
        if not (self._is_admitted or unlocking.has_key(self.request, access)):
            unlocking.unlock(self.request, access, network=self.visitor.network)
        self._is_admitted = True
        return Admission(self, access, seal=_SEAL)
