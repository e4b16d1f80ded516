"""allauth's page for confirming an address, which signs nobody out by GET."""

from typing import Any

from allauth.account.views import ConfirmEmailView
from django.http import HttpRequest


class ConfirmEmail(ConfirmEmailView):
    request: HttpRequest

    def logout_other_user(self, confirmation: Any) -> None:
        """End another user's session by POST alone: mail scanners and previews follow links."""
        if self.request.method == "POST":
            super().logout_other_user(confirmation)
