"""One page of the files of a link, which may have thousands."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from sharing.characters import cut
from sharing.files.models import File
from sharing.links.gate import Admission
from sharing.links.offers import Offer
from sharing.links.statements import FILES_A_PAGE

QUERY = "q"
LONGEST_QUERY = 200


class ContentsPage:
    """Searches and pages by the URL alone, such as `?q=plan&contents-page=2`, so that it works without JavaScript.

    Takes no query for the first page, which the gate has read, and one for another page of a link of many files; to
    search those takes two.
    """

    name = "contents"
    page_parameter = f"{name}-page"

    def __init__(self, admission: Admission) -> None:
        # Not the request's own path, since a refused download draws the page, too.
        self.path = admission.path
        asked = admission.request.GET
        self.query = cut(asked.get(QUERY, "").strip(), LONGEST_QUERY)
        self.is_long = admission.is_long
        self._number = asked.get(self.page_parameter, "1")
        self._admission = admission

    @cached_property
    def page(self) -> Page[Offer]:
        admission = self._admission
        found: Any = admission.listing(self.query) if admission.is_long else self._found_in(admission.offers)
        page = Paginator(found, FILES_A_PAGE).get_page(self._number)
        if admission.is_long and page.number == 1 and not self.query:
            page.object_list = admission.first_offers[:FILES_A_PAGE]
        return page

    @cached_property
    def is_gallery(self) -> bool:
        """True if the page lists several files, and all are pictures with thumbnails that can be previewed."""
        listed = self.page.object_list
        return len(listed) > 1 and all(offer.has_thumbnail and offer.has_preview for offer in listed)

    @cached_property
    def is_verified(self) -> bool:
        """True if every file that the page lists was compared with its SHA-256 on arrival."""
        listed = self.page.object_list
        return bool(listed) and all(offer.file.check_made == File.Check.SHA256 for offer in listed)

    def _found_in(self, offers: Sequence[Offer]) -> Sequence[Offer]:
        wanted = self.query.casefold()
        return [offer for offer in offers if wanted in f"{offer.file.path}/{offer.file.name}".casefold()]

    @classmethod
    def is_asked_for(cls, request: HttpRequest) -> bool:
        """True if the request names a page or a search: then it is no new view of the link."""
        return bool({QUERY, cls.page_parameter} & request.GET.keys())
