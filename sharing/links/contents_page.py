"""One page of the files of a link, which may have thousands."""

from functools import cached_property

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from sharing.characters import cut
from sharing.links.gate import Admission
from sharing.links.offers import Offer

FILES_A_PAGE = 100
QUERY = "q"
LONGEST_QUERY = 200


class ContentsPage:
    """Searches and pages by the URL alone, such as `?q=plan&contents-page=2`, so that it works without JavaScript.

    Takes no query, since the gate has read all items to know the link's state.
    """

    name = "contents"
    page_parameter = f"{name}-page"

    def __init__(self, admission: Admission) -> None:
        # Not the request's own path, since a refused download draws the page, too.
        self.path = admission.path
        asked = admission.request.GET
        self.query = cut(asked.get(QUERY, "").strip(), LONGEST_QUERY)
        self.is_long = admission.contents.count > FILES_A_PAGE
        self._number = asked.get(self.page_parameter, "1")
        self._offers = admission.offers

    @cached_property
    def page(self) -> Page[Offer]:
        wanted = self.query.casefold()
        found = [
            offer for offer in self._offers if wanted in f"{offer.file.path}/{offer.file.name}".casefold()
        ]
        return Paginator(found, FILES_A_PAGE).get_page(self._number)

    @classmethod
    def is_asked_for(cls, request: HttpRequest) -> bool:
        """True if the request names a page or a search: then it is no new view of the link."""
        return bool({QUERY, cls.page_parameter} & request.GET.keys())
