"""The admin site: who may enter, where they sign in, and its first page."""

from collections.abc import Iterable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sharing.accounts.http import signed_in_user
from sharing.http.next_page import next_page
from sharing.mail.outbox import is_mail_server_set
from sharing.pages.admin_warnings import warnings_of
from sharing.pages.overview import Overview
from sharing.pages.shown_settings import shown_settings
from sharing.pages.site_form import SiteForm, fields_with_origins, reset
from sharing.site.current import KEPT_SECONDS, site
from sharing.storage.examination import last_examination
from sharing.version import version


class OperatorSite(admin.AdminSite):
    """Leaves signing in and passwords to allauth, so that its rate limits and second factors hold."""

    index_title = _("Overview")
    enable_nav_sidebar = False  # the tables need the width; templates/admin/base_site.html has a row of links

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Register this project's admins alone. Those of libraries would show sessions or tokens, and bypass verbs."""
        if admin_class and admin_class.__module__.startswith("sharing."):
            super().register(model_or_iterable, admin_class, **options)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        own = {"site": site, "site_title": site.name, "site_header": site.name, "version": version()}
        return {**super().each_context(request), **own}

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [
            path("settings/", self.admin_view(self.show_settings), name="settings"),
            path("settings/reset/", self.admin_view(self.reset_setting), name="settings_reset"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def show_settings(self, request: HttpRequest) -> HttpResponse:
        """Show every setting with its value, where it comes from, and what it means. A POST changes some."""
        form = SiteForm(request.POST or None)
        if form.is_valid():
            form.save(by=signed_in_user(request))
            self._say_saved(request)
            return redirect("admin:settings")
        context = {
            "form": form,
            "fields": fields_with_origins(form),
            **self.each_context(request),
            "title": _("Settings"),
            "settings": shown_settings(settings.ENVIRONMENT),
        }
        return TemplateResponse(request, "admin/settings.html", context)

    @method_decorator(require_POST)
    def reset_setting(self, request: HttpRequest) -> HttpResponse:
        """Go back to the environment's value of the setting that the POST names."""
        name = request.POST.get("name")
        if name not in SiteForm.base_fields:
            raise Http404
        reset(name, by=signed_in_user(request))
        self._say_saved(request)
        return redirect("admin:settings")

    def _say_saved(self, request: HttpRequest) -> None:
        words = ngettext(
            "Settings saved. They apply everywhere within %(n)s second.",
            "Settings saved. They apply everywhere within %(n)s seconds.",
            KEPT_SECONDS,
        )
        messages.success(request, words % {"n": KEPT_SECONDS})

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Answer 404 to users who are no operators."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            response: HttpResponse = guarded(request, *args, **kwargs)
            return response

        return update_wrapper(inner, guarded)

    @method_decorator([login_not_required, never_cache])
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        asked = request.GET.get(REDIRECT_FIELD_NAME, "")
        wanted = next_page(request, asked, otherwise=reverse("admin:index"))
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not self.has_permission(request):
            raise Http404
        return HttpResponseRedirect(wanted)

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        overview, examination = Overview.recent(), last_examination()
        context = {
            "overview": overview,
            "examination": examination,
            "warnings": list(warnings_of(overview, examination)),
            "has_mail_server": is_mail_server_set(),
        }
        return super().index(request, {**context, **(extra_context or {})})

    def app_index(  # type: ignore[override]
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An app has two tables at most, and the overview names them all."""
        return redirect("admin:index")
