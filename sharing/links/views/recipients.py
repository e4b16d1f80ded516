"""Mailing a link to people, and what its owner decides about each of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.characters import cut
from sharing.links.errors import MailLimitReached
from sharing.links.mail_forms import MailForm
from sharing.links.models import Link, Recipient
from sharing.links.views.owner import link_of, link_page
from sharing.mail.outbox import is_mail_server_set
from sharing.wording import visible


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
            form.add_error("addresses", str(error))
    return link_page(request, link, form)


def _mail(request: HttpRequest, form: MailForm) -> HttpResponse:
    new = form.save(by=signed_in_user(request))
    had_it = len(form.cleaned_data["people"]) - len(new)
    if new:
        words = ngettext(
            "Sending to %(name)s, with a personal link.",
            "Sending to %(n)s people, each with a personal link.",
            len(new),
        )
        _say_sending(request, words % {"name": _shown(new[0]), "n": len(new)})
    if had_it:
        words = ngettext(
            "%(n)s person already has this link: use “Send again” to email it once more.",
            "%(n)s people already have this link: use “Send again” to email it once more.",
            had_it,
        )
        messages.info(request, words % {"n": had_it})
    return _back_to(form.subject)


@require_POST
def mail_again(request: HttpRequest, public_id: str) -> HttpResponse:
    recipient = _recipient_of(request, public_id)
    try:
        recipient.mail_again(by=signed_in_user(request))
        _say_sending(request, _("Sending to %(name)s again.") % {"name": _shown(recipient)})
    except MailLimitReached as error:
        messages.error(request, str(error))
    return _back_to(recipient.link)


@require_POST
def revoke_recipient(request: HttpRequest, public_id: str) -> HttpResponse:
    recipient = _recipient_of(request, public_id)
    recipient.revoke(by=signed_in_user(request))
    words = _("Access revoked for %(name)s. Everyone else's link keeps working.")
    messages.success(request, words % {"name": _shown(recipient)})
    return _back_to(recipient.link)


def _say_sending(request: HttpRequest, words: str) -> None:
    """Say that mails are on their way; where there is no mail server, that they are not."""
    if is_mail_server_set():
        messages.success(request, words)
    else:
        messages.warning(
            request,
            _(
                "No email was sent: this site has no mail server. Copy the personal links and send them yourself."
            ),
        )


def _shown(recipient: Recipient) -> str:
    """Return the recipient's label, short enough for a message."""
    return cut(visible(recipient.label), 80, ending="…")


def _back_to(link: Link) -> HttpResponse:
    return redirect(f"{reverse('link', args=[link.public_id])}#recipients")
