"""The lines of a waybill that one page of it shows: a link may have thousands of files."""

from functools import cached_property

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from sharing.characters import cut
from sharing.links.gate import Admission
from sharing.links.models import Item

LINES = 100
QUERY = "q"
LONGEST_QUERY = 200


class Lines:
    """Searched and paged by the address alone, so that it works without JavaScript: `?q=plan&contents-page=2`.

    Takes no query: a link's state depends on all of its items, so they are at hand.
    """

    name = "contents"
    page_parameter = f"{name}-page"

    def __init__(self, admission: Admission) -> None:
        # Not always where this is: a download that was refused shows the page, too.
        self.path = admission.path
        asked = admission.request.GET
        self.query = cut(asked.get(QUERY, "").strip(), LONGEST_QUERY)
        self.is_long = admission.link.present_count > LINES
        self._number = asked.get(self.page_parameter, "1")
        self._items = admission.link.contents

    @cached_property
    def page(self) -> Page[Item]:
        wanted = self.query.casefold()
        found = [item for item in self._items if wanted in f"{item.file.path}/{item.file.name}".casefold()]
        return Paginator(found, LINES).get_page(self._number)

    @classmethod
    def are_leafed_through(cls, request: HttpRequest) -> bool:
        """Whether this is another page of a waybill that lies open already."""
        return bool({QUERY, cls.page_parameter} & request.GET.keys())
