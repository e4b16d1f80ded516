"""What a link is held to, changed by its owner: one form and one verb for each rule."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from sharing.accounts.http import signed_in_user
from sharing.links.forms import CardForm, ExpiryForm, LimitForm, NameForm, NewPasswordForm, WordsForm
from sharing.links.views.owner import link_of, link_page


@require_POST
def change_words(request: HttpRequest, public_id: str) -> HttpResponse:
    link, form = link_of(request, public_id), WordsForm(request.POST)
    if not form.is_valid():
        return link_page(request, link, form)
    link.reword(**form.cleaned_data, by=signed_in_user(request))
    messages.success(request, "The link's words are changed. Mails that were sent keep theirs.")
    return redirect(link)


@require_POST
def change_expiry(request: HttpRequest, public_id: str) -> HttpResponse:
    link, form = link_of(request, public_id), ExpiryForm(request.POST)
    if not form.is_valid():
        return link_page(request, link, form)
    link.expire_at(form.cleaned_data["expires_at"], by=signed_in_user(request))
    messages.success(request, "The link's time is changed.")
    return redirect(link)


@require_POST
def extend(request: HttpRequest, public_id: str) -> HttpResponse:
    """From wherever the button was pressed; `next` leads back there."""
    link = link_of(request, public_id)
    link.extend(by=signed_in_user(request))
    messages.success(request, f"“{link.label}” has a week more: the same address works again.")
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else link)


@require_POST
def change_limit(request: HttpRequest, public_id: str) -> HttpResponse:
    link, form = link_of(request, public_id), LimitForm(request.POST)
    if not form.is_valid():
        return link_page(request, link, form)
    link.limit_downloads(form.cleaned_data["download_limit"], by=signed_in_user(request))
    messages.success(request, "The number of downloads is changed.")
    return redirect(link)


@require_POST
def set_password(request: HttpRequest, public_id: str) -> HttpResponse:
    link, form = link_of(request, public_id), NewPasswordForm(request.POST)
    if not form.is_valid():
        return link_page(request, link, form)
    link.set_password(form.cleaned_data["password"], by=signed_in_user(request))
    messages.success(
        request,
        "The link asks for that password now. It is not shown again: tell it to whom you send the link.",
    )
    return redirect(link)


@require_POST
def remove_password(request: HttpRequest, public_id: str) -> HttpResponse:
    link = link_of(request, public_id)
    link.remove_password(by=signed_in_user(request))
    messages.success(request, "The link asks for no password any longer.")
    return redirect(link)


@require_POST
def change_code(request: HttpRequest, public_id: str) -> HttpResponse:
    """`asks` is there when a code is to be asked for."""
    link = link_of(request, public_id)
    link.ask_for_code("asks" in request.POST, by=signed_in_user(request))
    messages.success(
        request,
        "The link opens for its recipients alone now, each by a code that is mailed to them."
        if link.asks_for_code
        else "The link asks for no code any longer.",
    )
    return redirect(link)


@require_POST
def change_previews(request: HttpRequest, public_id: str) -> HttpResponse:
    """`allowed` is there when files may be looked at."""
    link = link_of(request, public_id)
    link.allow_previews("allowed" in request.POST, by=signed_in_user(request))
    messages.success(
        request,
        "Files of this link can be looked at before they are downloaded."
        if link.previews_allowed
        else "Files of this link can be downloaded, and no longer looked at before.",
    )
    return redirect(link)


@require_POST
def change_card(request: HttpRequest, public_id: str) -> HttpResponse:
    link, form = link_of(request, public_id), CardForm(request.POST)
    if not form.is_valid():
        return link_page(request, link, form)
    link.show_on_card(form.cleaned_data["card_shows"], by=signed_in_user(request))
    messages.success(
        request, "What a chat shows of the link is changed. Cards that were made before may stay."
    )
    return redirect(link)


@require_POST
def change_name(request: HttpRequest, public_id: str) -> HttpResponse:
    link, form = link_of(request, public_id), NameForm(request.POST)
    if not form.is_valid():
        return link_page(request, link, form)
    link.set_slug(form.cleaned_data["name"], by=signed_in_user(request))
    messages.success(request, "The link's name is changed. Addresses that were sent before work as well.")
    return redirect(link)
