"""Links with which people choose a password, for staff to pass on where no mail can bring them."""

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from sharing.accounts.models import User
from sharing.audit.record import record


def make_password_link(user: User, *, by: User) -> str:
    """Return a link like the one in the mail about a forgotten password: it works once, within a day.

    Raises PermissionDenied if the user is suspended, or is a superuser and `by` is none.
    """
    if user.is_superuser and not by.is_superuser:
        raise PermissionDenied(_("Only a superuser can change a superuser."))
    if not user.is_active:
        raise PermissionDenied(_("Restore this user first."))
    with transaction.atomic():
        record("user.password_link_made", user, by=by)
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    address: str = get_adapter().get_reset_password_from_key_url(f"{user_pk_to_url_str(user)}-{token}")
    return address
