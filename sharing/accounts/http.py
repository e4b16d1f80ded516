"""Who is asking, and how they come in."""

from typing import TYPE_CHECKING, cast

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from sharing.accounts.models import User


def signed_in_user(request: HttpRequest) -> "User":
    """The person behind a request that the login middleware let through."""
    return cast("User", request.user)


def client_ip(request: HttpRequest) -> str:
    """The visitor's address, believing as many proxies as TRUSTED_PROXY_COUNT says."""
    return get_adapter().get_client_ip(request)


def sign_in(request: HttpRequest, user: "User") -> HttpResponse:
    """Sign in somebody who just opened the account, through the steps that allauth would take; then the dashboard."""
    return cast("HttpResponse", perform_login(request, user))
