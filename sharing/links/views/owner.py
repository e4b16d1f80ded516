"""A link's own page, and its end."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from sharing.accounts.http import signed_in_user
from sharing.links.export import history_as_csv
from sharing.links.forms import CardForm, ExpiryForm, LimitForm, NameForm, NewPasswordForm, WordsForm
from sharing.links.history import history_of
from sharing.links.mail_forms import MailForm
from sharing.links.models import Link, Recipient
from sharing.listing import Listing
from sharing.storage.disposition import attachment


def link_of(request: HttpRequest, public_id: str) -> Link:
    """The link of that number, if it is theirs. Raises Http404."""
    return get_object_or_404(signed_in_user(request).links.with_contents(), public_id=public_id)


def link_page(request: HttpRequest, link: Link, refused: forms.Form | None = None) -> HttpResponse:
    """The link's page, with the form that was refused as it was filled in."""
    rule_forms: dict[str, forms.Form] = {
        "words": WordsForm(initial={"title": link.title, "message": link.message}),
        "expiry": ExpiryForm(),
        "limit": LimitForm.of(link.download_limit),
        "password": NewPasswordForm(),
        "card": CardForm(initial={"card_shows": link.card_shows}),
        "name": NameForm(initial={"name": link.slug}),
        "mail": MailForm(suggested=Recipient.objects.suggested_for(link)),
    }
    wrong = next((rule for rule, form in rule_forms.items() if type(form) is type(refused)), "")
    context = {
        "link": link,
        "contents": Listing(
            request,
            "contents",
            link.items.present(),
            orders={"name": ("file__path", "file__name", "pk")},
            search=("file__name__icontains", "file__path__icontains"),
            path=link.get_absolute_url(),
        ),
        "history": history_of(link),
        "recipients": link.recipients.with_downloads(),
        "forms": rule_forms | ({wrong: refused} if refused else {}),
        "wrong": wrong,
    }
    return render(request, "links/link.html", context, status=422 if wrong else 200)


@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    return link_page(request, link_of(request, public_id))


@require_POST
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    link = link_of(request, public_id)
    link.revoke(by=signed_in_user(request), stop_downloads="stop_downloads" in request.POST)
    messages.success(request, "The link is revoked: nobody can download by it any longer.")
    return redirect(link)


@require_safe
def export_history(request: HttpRequest, public_id: str) -> StreamingHttpResponse:
    link = link_of(request, public_id)
    answer = StreamingHttpResponse(history_as_csv(link), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = attachment(f"waybill-{link.public_id}-history.csv")
    answer["Cache-Control"] = "no-store"
    return answer
