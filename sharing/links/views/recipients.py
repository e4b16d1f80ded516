"""Mailing a link to people, and what its owner decides about each of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.characters import cut
from sharing.links.errors import MailLimitReached
from sharing.links.mail_forms import MailForm
from sharing.links.models import Link, Recipient
from sharing.links.views.owner import link_of, link_page
from sharing.wording import count, visible


def _recipient_of(request: HttpRequest, public_id: str) -> Recipient:
    owned = Recipient.objects.select_related("link__owner").filter(link__owner=signed_in_user(request))
    return get_object_or_404(owned, public_id=public_id)


@require_POST
def mail(request: HttpRequest, public_id: str) -> HttpResponse:
    link = link_of(request, public_id)
    form = MailForm(request.POST, subject=link)
    if form.is_valid():
        try:
            return _mail(request, form)
        except MailLimitReached as error:
            form.add_error("addresses", limit_words(error))
    return link_page(request, link, form)


def _mail(request: HttpRequest, form: MailForm) -> HttpResponse:
    new = form.save(by=signed_in_user(request))
    had_it = len(form.cleaned_data["people"]) - len(new)
    if new:
        to = visible(new[0].label) if len(new) == 1 else f"{len(new)} people"
        messages.success(request, f"It goes to {cut(to, 80, ending='…')}, each with an address of their own.")
    if had_it:
        words = "1 of them has" if had_it == 1 else f"{had_it} of them have"
        messages.info(request, f"{words} this link already: use “Send again” to mail it once more.")
    return _back_to(form.subject)


@require_POST
def mail_again(request: HttpRequest, public_id: str) -> HttpResponse:
    recipient = _recipient_of(request, public_id)
    try:
        recipient.mail_again(by=signed_in_user(request))
        messages.success(request, f"It goes to {visible(recipient.label)} once more.")
    except MailLimitReached as error:
        messages.error(request, limit_words(error))
    return _back_to(recipient.link)


@require_POST
def revoke_recipient(request: HttpRequest, public_id: str) -> HttpResponse:
    recipient = _recipient_of(request, public_id)
    recipient.revoke(by=signed_in_user(request))
    messages.success(
        request, f"The address of {visible(recipient.label)} is revoked; all others go on working."
    )
    return _back_to(recipient.link)


def limit_words(error: MailLimitReached) -> str:
    if not error.left:
        return "You have sent as many mails as a day allows here. Try again tomorrow."
    return f"You may send {count(error.left, 'more mail')} today. Nothing was sent yet."


def _back_to(link: Link) -> HttpResponse:
    return redirect(f"{reverse('link', args=[link.public_id])}#recipients")
