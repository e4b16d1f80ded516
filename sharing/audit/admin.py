"""Base classes of every app's admin, and the admin of the audit trail."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from sharing.audit.models import Event
from sharing.audit.record_list import COUNTED, IndexedValuesFilter, RecordList, is_narrowed
from sharing.audit.sentences import sentence_of
from sharing.wording import visible

# A list's filters and its drill-down by date put these into the address after a field's name.
_FILTER_LOOKUPS = ("", "__exact", "__isnull", "__isempty", "__gte", "__lt", "__year", "__month", "__day")

# An action is offered on the list, for many rows, and on the page of one.
EVERYWHERE = (admin.ActionLocation.CHANGE_LIST, admin.ActionLocation.CHANGE_FORM)


class RecordAdmin[Row: models.Model](admin.ModelAdmin[Row]):
    """Read-only to all staff. Rows are changed by admin actions that call the model's own verbs."""

    # Raised by a verb when one row will not; its message is shown, and the other rows are done.
    refusals: tuple[type[Exception], ...] = (PermissionDenied,)

    # By which other pages of the panel link to this list, such as "owner__id__exact".
    linked_lookups: tuple[str, ...] = ()

    # Shown in an empty list.
    empty_text: str | Promise = _("Nothing here yet.")

    view_on_site = False  # a row's own address is its owner's, and gives an operator 404
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each filter is a query for each filter
    list_per_page = 50
    empty_value_display = "—"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """True for what the list's own filters ask, and for `linked_lookups`.

        Django allows every field of the row's own table: `?password__startswith=…` would read a hash letter by letter.
        """
        shown = [entry if isinstance(entry, str) else entry[0] for entry in self._filtered_fields(request)]
        return lookup in {
            *self.linked_lookups,
            *(f"{field}{asked}" for field in shown for asked in _FILTER_LOOKUPS),
            *(entry.parameter_name for entry in self._own_filters(request)),
        }

    def _filtered_fields(self, request: HttpRequest) -> list[Any]:
        hierarchy = [self.date_hierarchy] if self.date_hierarchy else []
        return [entry for entry in self.get_list_filter(request) if not isinstance(entry, type)] + hierarchy

    def _own_filters(self, request: HttpRequest) -> list[Any]:
        return [entry for entry in self.get_list_filter(request) if isinstance(entry, type)]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RecordList]:
        return RecordList

    def rows_of(self, keys: list[Any]) -> QuerySet[Row]:
        """Return the rows of one page of the list, with what it counts of each."""
        return self.model._default_manager.filter(pk__in=keys)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Row | None:
        """Return the row as the list has it."""
        found = super().get_object(request, object_id, from_field)
        return found and self.rows_of([found.pk]).get()

    def response_action(
        self,
        request: HttpRequest,
        queryset: QuerySet[Row],
        action_location: admin.ActionLocation = admin.ActionLocation.CHANGE_LIST,
    ) -> HttpResponse | None:
        """Take "all" of a narrowed list as those that it counts, as the button says. Raises BadRequest for no key."""
        for value in request.POST.getlist(ACTION_CHECKBOX_NAME):
            self._require_key(value)
        if request.POST.get("select_across") == "1" and is_narrowed(queryset):
            queryset = queryset.filter(pk__in=queryset.values("pk")[:COUNTED])
        return super().response_action(request, queryset, action_location)

    def _require_key(self, value: str) -> None:
        try:
            self.opts.pk.clean(value, None)
        except ValidationError as error:
            raise BadRequest(_("No row has such a key.")) from error

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": capfirst(str(self.opts.verbose_name_plural)), "empty_text": self.empty_text}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name))
        return super().change_view(request, object_id, form_url, {"title": title, **(extra_context or {})})

    def act(
        self,
        request: HttpRequest,
        rows: Iterable[Row],
        verb: Callable[[Row], object],
        *,
        done: str | Promise,
        none: str | Promise,
    ) -> None:
        """Call a verb on each row and say how it went: `done` with its plural by `%(n)s`, or `none` without rows."""
        count = refused = 0
        for row in rows:
            try:
                verb(row)
                count += 1
            except self.refusals as refusal:
                refused += 1
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
        if count:
            self.message_user(request, str(done % {"n": count}), messages.SUCCESS)
        elif not refused:
            self.message_user(request, str(none), messages.WARNING)

    def subject_of(self, row: Row) -> tuple[str, object]:
        """Return the subject's type and key by which the record names a row."""
        return str(self.opts.model_name), row.pk

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the record's events of a row, in place of Django's log, which has only its own forms."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        subject_type, subject_id = self.subject_of(row)
        return redirect(
            list_url("audit_event", subject_type__exact=subject_type, subject_id__exact=subject_id)
        )

    def log_addition(self, request: HttpRequest, obj: Row, message: Any) -> None:  # type: ignore[override]
        """Write nothing: the verb has written its own event."""

    def log_change(self, request: HttpRequest, obj: Row, message: Any) -> None:  # type: ignore[override]
        """Write nothing: the verb has written its own event."""


class StateFilter(admin.SimpleListFilter):
    """Filters rows by their state: the first of `rules()` whose condition holds, as the model's `state` decides it."""

    title = _("state")
    parameter_name = "state"
    states: type[models.TextChoices]

    def rules(self) -> dict[Any, Q]:
        """Return the condition of each state, in the order in which they are asked."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in self.states]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rules = self.rules()
        if self.value() not in rules:
            return queryset
        for state, rule in rules.items():
            if state == self.value():
                return queryset.filter(rule)
            queryset = queryset.exclude(rule)
        return queryset


def list_url(table: str, **lookups: object) -> str:
    """Return the URL of the admin's list of a table such as `files_file`, narrowed to what is looked up."""
    return f"{reverse(f'admin:{table}_changelist')}?{urlencode(lookups)}"


def row_link(row: models.Model, label: object) -> SafeString:
    """Return a link to a row's page in the admin."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), label)


def state_mark(kind: str, words: object) -> SafeString:
    """A state in words with its mark; `kind` is one that static/css/components/states.css draws."""
    return format_html('<span class="state {}">{}</span>', kind, words)


@admin.register(Event)
class EventAdmin(RecordAdmin[Event]):
    list_display = ("at", "sentence", "more")
    list_filter = (
        "at",
        ("subject_type", IndexedValuesFilter),
        ("action", IndexedValuesFilter),
    )
    date_hierarchy = "at"
    linked_lookups = ("actor__id__exact", "subject_id__exact")
    search_fields = ("action", "subject_label", "=subject_id", "actor_label")
    search_help_text = _("Search by action, name, email address or id.")
    fields = ("at", "sentence", "action", "subject_type", "subject", "subject_id", "actor_label", "more")

    def subject_of(self, row: Event) -> tuple[str, object]:
        return row.subject_type, row.subject_id

    @admin.display(description=_("event"), ordering="action")
    def sentence(self, event: Event) -> SafeString:
        return sentence_of(event, what=self.subject(event))

    @admin.display(description=_("about"), ordering="subject_label")
    def subject(self, event: Event) -> SafeString:
        """A link to what the event speaks of, which may be gone: then the page says so."""
        label = format_html("<bdi>{}</bdi>", visible(event.subject_label))
        tables = (model._meta for model in apps.get_models() if self.admin_site.is_registered(model))
        table = next((table for table in tables if table.model_name == event.subject_type), None)
        if table is None:
            return label
        page = reverse(f"admin:{table.app_label}_{table.model_name}_change", args=[event.subject_id])
        return format_html('<a href="{}">{}</a>', page, label)

    @admin.display(description=_("details"))
    def more(self, event: Event) -> SafeString | None:
        if not event.details:
            return None
        pairs = ((name, "—" if value is None else value) for name, value in event.details.items())
        return format_html_join(", ", "{}: {}", pairs)
