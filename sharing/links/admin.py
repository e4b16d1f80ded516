"""Admin of links, downloads and recipients. It never shows a link's address, which was not sent to operators."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from sharing.accounts.http import signed_in_user
from sharing.accounts.models import User
from sharing.audit.admin import EVERYWHERE, RecordAdmin, StateFilter, list_url, row_link, state_mark
from sharing.files.models import File
from sharing.links.models import Download, Link, Recipient
from sharing.links.models.state import present_items, state_rules
from sharing.links.waybill_number import parse_waybill_number
from sharing.wording import grouped, size, visible

if TYPE_CHECKING:
    from sharing.links.models.link import CountedLink
    from sharing.links.models.recipient import CountedRecipient

FILES_SHOWN = 50

# How many keys a search names of one table for each of its words.
KEYS_NAMED = 500


def _count_of_downloads(of: str) -> Coalesce:
    """Count the downloads of each link or recipient, but for repeats, to sort by."""
    own = Download.objects.counted().filter(**{of: OuterRef("pk")}).order_by().values(of)
    return Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)


class LinkStateFilter(StateFilter):
    states = Link.State

    def rules(self) -> dict[Any, Q]:
        return dict(state_rules())


@admin.register(Link)
class LinkAdmin(RecordAdmin[Link]):
    list_display = (
        "number",
        "title",
        "owner",
        "state",
        "total_size",
        "view_count",
        "downloads",
        "created_at",
        "expires_at",
    )
    list_filter = (LinkStateFilter, "created_at", "expires_at")
    linked_lookups = ("owner__id__exact", "files__id__exact")
    date_hierarchy = "created_at"
    search_fields = ("=public_id", "title", "owner__email", "owner__name", "files__name")
    search_help_text = gettext_lazy("Search by waybill number, title, owner or file name.")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "number",
                    "state",
                    "owner",
                    "title",
                    "slug",
                    "message",
                    "contents",
                    "total_size",
                    "sent_to",
                )
            },
        ),
        (
            gettext_lazy("Limits"),
            {"fields": ("created_at", "expires_at", "revoked_at", "download_limit", "has_password")},
        ),
        (gettext_lazy("Use"), {"fields": ("view_count", "downloads")}),
    )
    actions = ("revoke",)

    def rows_of(self, keys: list[Any]) -> "QuerySet[CountedLink]":
        return Link.objects.with_contents().filter(pk__in=keys)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Link], search_term: str
    ) -> tuple[QuerySet[Link], bool]:
        """Search by key: a search through files must not repeat a link."""
        if not search_term:
            return queryset, False
        found, _ = super().get_search_results(
            request, Link.objects.get_queryset(), parse_waybill_number(search_term)
        )
        return queryset.filter(pk__in=found.values("pk")), False

    @admin.display(description=gettext_lazy("waybill"), ordering="public_id")
    def number(self, link: Link) -> SafeString:
        return format_html('<span class="figure">{}</span>', link.number)

    @admin.display(description=gettext_lazy("state"))
    def state(self, link: "CountedLink") -> SafeString:
        return state_mark(link.state, link.state.label)

    @admin.display(
        description=gettext_lazy("size"),
        ordering=Coalesce(
            Subquery(present_items().values("link").annotate(size=Sum("file__size")).values("size")), 0
        ),
    )
    def total_size(self, link: "CountedLink") -> str:
        return size(link.total_size)

    @admin.display(description=gettext_lazy("downloads"), ordering=_count_of_downloads("link"))
    def downloads(self, link: "CountedLink") -> SafeString:
        counts = {"count": link.download_count, "limit": link.download_limit}
        if link.download_limit is None:
            words = str(link.download_count)
        elif link.is_mailed:
            words = _("%(count)s, at most %(limit)s per recipient") % counts
        else:
            words = _("%(count)s of %(limit)s") % counts
        return format_html('<a href="{}">{}</a>', list_url("links_download", link__id__exact=link.pk), words)

    @admin.display(description=gettext_lazy("password"), boolean=True)
    def has_password(self, link: Link) -> bool:
        return bool(link.password)

    @admin.display(description=gettext_lazy("files"))
    def contents(self, link: Link) -> SafeString:
        first = link.files.order_by("path", "name")[:FILES_SHOWN]
        rows = ((row_link(file, visible(file.name)), size(file.size)) for file in first)
        listed = format_html("<ul>{}</ul>", format_html_join("", "<li>{} {}</li>", rows))
        more = link.files.count() - len(first)
        if more <= 0:
            return listed
        all_of_them = list_url("files_file", links__id__exact=link.pk)
        words = _("and %(number)s more") % {"number": grouped(more)}
        return format_html('{}<p><a href="{}">{}</a></p>', listed, all_of_them, words)

    @admin.display(description=gettext_lazy("emailed to"))
    def sent_to(self, link: Link) -> SafeString:
        people = ((row_link(recipient, recipient.email),) for recipient in link.recipients.all())
        return format_html_join(", ", "<bdi>{}</bdi>", people)

    @admin.action(
        description=gettext_lazy("Revoke this link"),
        description_plural=gettext_lazy("Revoke the selected links"),
        location=EVERYWHERE,
    )
    def revoke(self, request: HttpRequest, links: QuerySet[Link]) -> None:
        user = signed_in_user(request)
        self.act(
            request,
            links.filter(revoked_at=None),
            lambda link: link.revoke(by=user),
            done=ngettext_lazy("%(n)s link revoked.", "%(n)s links revoked.", "n"),
            none=_("All of these have been revoked before."),
        )


def _downloads_with(word: str) -> Q:
    """Return the condition of downloads whose file, link, owner, recipient, network or browser has this word."""
    return (
        _found("file", File.objects.all(), name__icontains=word)
        | _found("link", Link.objects.all(), public_id=word.upper())
        | _found("link", Link.objects.all(), title__icontains=word)
        | _found("file__owner", User.objects.all(), email__icontains=word)
        | _found("recipient", Recipient.objects.all(), email__iexact=word)
        | Q(network__icontains=word)
        | Q(user_agent__icontains=word)
    )


def _found(relation: str, rows: QuerySet[Any], **lookup: str) -> Q:
    """Return the condition that the related row is one of `rows` that match. Takes one query.

    Few are named by their keys, and for none the condition is left out. Where many match, a page is soon found.
    """
    keys = list(rows.filter(**lookup).order_by().values_list("pk", flat=True)[: KEYS_NAMED + 1])
    if not keys:
        return Q()  # which joins no table
    if len(keys) <= KEYS_NAMED:
        return Q(**{f"{relation}__in": keys})
    return Q(**{f"{relation}__{name}": value for name, value in lookup.items()})


@admin.register(Download)
class DownloadAdmin(RecordAdmin[Download]):
    list_display = ("at", "file_name", "waybill", "owner", "recipient", "network", "user_agent")
    list_select_related = ("file__owner", "link", "recipient")
    list_filter = ("at",)
    linked_lookups = ("file__id__exact", "link__id__exact", "recipient__id__exact")
    date_hierarchy = "at"
    # For the list to have a search. get_search_results() has its own way to what is searched.
    search_fields = ("network", "user_agent")
    search_help_text = gettext_lazy("Search by file name, waybill number, owner, network or browser.")
    fields = ("at", "file_name", "waybill", "owner", "recipient", "network", "user_agent")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Download], search_term: str
    ) -> tuple[QuerySet[Download], bool]:
        """Find what has each of the words. A word that is nowhere is looked for in each table once, without joins."""
        for word in smart_split(parse_waybill_number(search_term)):
            is_quoted = len(word) > 1 and word[0] in "\"'" and word[0] == word[-1]
            queryset = queryset.filter(_downloads_with(unescape_string_literal(word) if is_quoted else word))
        return queryset, False

    def subject_of(self, row: Download) -> tuple[str, object]:
        """A download is its own event. The page shows the events of its link."""
        return "link", row.link_id

    @admin.display(description=gettext_lazy("file"), ordering="file__name")
    def file_name(self, download: Download) -> SafeString:
        return row_link(download.file, visible(download.file.name))

    @admin.display(description=gettext_lazy("waybill"), ordering="link__public_id")
    def waybill(self, download: Download) -> SafeString:
        return row_link(download.link, download.link.number)

    @admin.display(description=gettext_lazy("owner"), ordering="file__owner__email")
    def owner(self, download: Download) -> SafeString:
        return row_link(download.file.owner, download.file.owner.email)


# The states of static/css/components/states.css that a recipient's resemble.
RECIPIENT_MARKS = {
    Recipient.State.WAITING: "arriving",
    Recipient.State.SENT: "expired",
    Recipient.State.FAILED: "revoked",
    Recipient.State.OPENED: "used_up",
    Recipient.State.DOWNLOADED: "good",
    Recipient.State.REVOKED: "revoked",
}


@admin.register(Recipient)
class RecipientAdmin(RecordAdmin[Recipient]):
    list_display = ("email", "waybill", "owner", "state", "mailed_at", "opened_at", "downloads", "failure")
    list_filter = ("mailed_at", ("failure", admin.EmptyFieldListFilter))
    search_fields = ("email", "name", "=link__public_id", "link__owner__email")
    search_help_text = gettext_lazy("Search by email address, name, waybill number or owner.")
    fields = (
        "email",
        "name",
        "waybill",
        "owner",
        "state",
        "message",
        "created_at",
        "mailed_at",
        "attempts",
        "failure",
        "opened_at",
        "open_count",
        "downloads",
        "revoked_at",
    )

    def rows_of(self, keys: list[Any]) -> "QuerySet[CountedRecipient]":
        return Recipient.objects.with_downloads().select_related("link__owner").filter(pk__in=keys)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Recipient], search_term: str
    ) -> tuple[QuerySet[Recipient], bool]:
        return super().get_search_results(request, queryset, parse_waybill_number(search_term))

    def subject_of(self, row: Recipient) -> tuple[str, object]:
        """Events of a recipient are recorded with their link."""
        return "link", row.link_id

    @admin.display(description=gettext_lazy("waybill"), ordering="link__public_id")
    def waybill(self, recipient: Recipient) -> SafeString:
        return row_link(recipient.link, recipient.link.number)

    @admin.display(description=gettext_lazy("owner"), ordering="link__owner__email")
    def owner(self, recipient: Recipient) -> SafeString:
        return row_link(recipient.link.owner, recipient.link.owner.email)

    @admin.display(description=gettext_lazy("state"))
    def state(self, recipient: "CountedRecipient") -> SafeString:
        return state_mark(RECIPIENT_MARKS[recipient.state], recipient.state.label)

    @admin.display(description=gettext_lazy("downloads"), ordering=_count_of_downloads("recipient"))
    def downloads(self, recipient: "CountedRecipient") -> SafeString:
        rows = list_url("links_download", recipient__id__exact=recipient.pk)
        return format_html('<a href="{}">{}</a>', rows, recipient.download_count)
