"""allauth's adapter: who may sign up, what mails link to, and how wrong passwords are counted."""

import logging
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sharing.accounts.http import client_ip, client_network
from sharing.accounts.known_browser import known_browser, remember_browser
from sharing.accounts.models import User
from sharing.audit.record import record
from sharing.mail.composing import default_sender
from sharing.site.current import site

logger = logging.getLogger(__name__)

# The limit in ACCOUNT_RATE_LIMITS of wrong passwords for one account, from all networks together.
LOGIN_FAILED_TOTAL = "login_failed_total"


def site_url(path: str) -> str:
    """Return the URL of a path on this site. Mails never use the Host header, which is the visitor's claim."""
    return f"{settings.SITE_URL}{path}"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        # The same words for a wrong password and an unknown address: they must not tell which accounts exist.
        "email_password_mismatch": _("Wrong email or password."),
        "too_many_login_attempts": _(
            "Too many attempts. Wait five minutes and try again, or reset your password."
        ),
        "incorrect_password": _("Wrong password."),
        "enter_current_password": _("That isn't your current password."),
        "same_as_current": _("This is already your address."),
    }

    # Signing up

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if site.signup == "open":
            return True
        context = {"is_by_invitation": site.signup == "invite"}
        raise ImmediateHttpResponse(
            render(request, "account/signup_closed.html", context, status=HTTPStatus.FORBIDDEN)
        )

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: forms.BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        with transaction.atomic():
            super().save_user(request, user, form, commit=commit)
            if commit:
                record("user.created", user, by=cast("User", user))
        return user

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm the address, unless it is somebody else's login, even an unconfirmed one."""
        if User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id).exists():
            refusal = {"email": email_address.email}
            self.add_message(
                request, messages.ERROR, "account/messages/email_confirmation_failed.txt", refusal
            )
            return False
        return super().confirm_email(request, email_address)

    # Mail

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        facts = {"site_url": settings.SITE_URL, "site_host": urlsplit(settings.SITE_URL).netloc}
        self.render_mail(template_prefix, email, {"email": email, **facts, **context}).send()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell somebody what has happened. It has happened, so a mail server that is down must not undo the answer."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except OSError:
            logger.exception("A notification could not be mailed")

    def get_from_email(self) -> str:
        return default_sender()

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return site_url(path.replace("UID-KEY", key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return site_url(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def send_account_already_exists_mail(self, email: str) -> None:
        context = {"password_reset_url": site_url(reverse("account_reset_password"))}
        self.send_mail("account/email/account_already_exists", email, context)

    # Rate limits

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try before the password is looked at: by who tries, and together for all who were never signed in.

        The total leaves out browsers that the account knows, so that a stranger cannot lock its owner out.
        """
        super().pre_authenticate(request, **credentials)
        self._total_usage = None
        email = str(credentials.get("email", "")).lower()
        if not known_browser(request, email):
            self._total_usage = ratelimit.consume(
                request, app="allauth.account", action=LOGIN_FAILED_TOTAL, key=email
            )
            if not self._total_usage:
                raise self.validation_error("too_many_login_attempts")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **steps: Any) -> HttpResponse:
        answer = super().post_login(request, user, **steps)
        remember_browser(request, answer, cast("User", user).email)
        return answer

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return account and browser, or account and network where the browser was never signed in to it.

        allauth adds the Host header, and each allowed host would give five more tries.
        """
        email = str(credentials.get("email", "")).lower()
        return f"{email} {known_browser(request, email) or client_network(request)}"

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if self._total_usage:
            self._total_usage.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        email = str(credentials.get("email", "")).lower()
        ratelimit.clear(request, app="allauth.account", action=LOGIN_FAILED_TOTAL, key=email)
