"""Unlocking a link: its password, the code that was mailed, and the key of a browser that has typed them."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse

from sharing.addresses.errors import Locked
from sharing.addresses.passwords import is_too_long, normalized
from sharing.links.access import Access
from sharing.links.errors import WrongCode
from sharing.links.models import OneTimeCode
from sharing.rate_limits import (
    CODE_MAILS,
    CODE_MAILS_PER_DAY,
    CODE_TRIES,
    PASSWORD_TRIES_AT_NOTHING,
    RateLimitExceeded,
    consume,
    refund,
)
from sharing.signed_cookies import SignedCookie

FIELD = "password"
CODE_FIELD = "code"
# Lets a browser in again that has typed the password or the code.
KEY = SignedCookie("waybill-key", timedelta(days=1))


def has_key(request: HttpRequest, access: Access) -> bool:
    """True if the browser has typed what this link asks for, or the link asks for nothing."""
    if not access.link.is_locked:
        return True
    if access.link.asks_for_code and access.recipient is None:
        # No code leads to the plain address, whatever was typed there before one was asked for.
        return False
    return KEY.read(request, salt=_key_salt(access)) is not None


def give_key(response: HttpResponse, access: Access, *, path: str) -> None:
    """Have the browser send the key of this link to `path` and what is below it."""
    KEY.write(response, "open", salt=_key_salt(access), path=path)


def unlock(request: HttpRequest, access: Access, *, network: str) -> None:
    """Check the password and the code that were typed, as far as the link asks for them.

    Raises Locked where one is missing or wrong, and RateLimitExceeded where it was tried too often.
    """
    if access.link.password:
        typed = request.POST.get(FIELD)
        if typed is None:
            raise Locked
        access.link.try_password(typed, network=network)
    if access.link.asks_for_code:
        _check_code(request, access, network=network)


def mail_code(access: Access) -> None:
    """Mail a code to the recipient. Raises Locked where the link asks for none, RateLimitExceeded."""
    if not (access.link.asks_for_code and access.recipient):
        raise Locked
    consume(CODE_MAILS, access.recipient.public_id)
    consume(CODE_MAILS_PER_DAY, access.recipient.public_id)
    OneTimeCode.objects.mail_to(access.recipient)


def hash_dummy_password(request: HttpRequest, *, network: str) -> None:
    """Hash a password in vain, so that timing does not reveal whether the link exists."""
    if FIELD not in request.POST:
        return
    try:
        consume(PASSWORD_TRIES_AT_NOTHING, network)
    except RateLimitExceeded:
        return
    typed = request.POST[FIELD]
    check_password("" if is_too_long(typed) else normalized(typed), "")


def _check_code(request: HttpRequest, access: Access, *, network: str) -> None:
    typed = request.POST.get(CODE_FIELD)
    if typed is None or access.recipient is None:
        raise Locked
    use = consume(CODE_TRIES, access.recipient.public_id, network)
    if not OneTimeCode.objects.accept(access.recipient, typed):
        access.link.record_refusal("code")
        raise WrongCode
    refund(use)


def _key_salt(access: Access) -> str:
    """The salt of the key of one link and one password: a hash has its own salt, so the same password set anew differs.

    Where a code is asked for, the key is the recipient's alone.
    """
    link = access.link
    holder = access.recipient_id if link.asks_for_code else ""
    # Named after the gate, so that keys given before this was a module of its own still open.
    return f"sharing.links.gate.{link.public_id}.{link.password}.{holder}"
