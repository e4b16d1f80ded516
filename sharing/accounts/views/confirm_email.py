"""allauth's page for confirming an address, except that looking at it signs nobody out."""

from typing import Any

from allauth.account.views import ConfirmEmailView
from django.http import HttpRequest


class ConfirmEmail(ConfirmEmailView):
    request: HttpRequest

    def logout_other_user(self, confirmation: Any) -> None:
        """Somebody else's session ends on POST alone: mail scanners and previews follow links."""
        if self.request.method == "POST":
            super().logout_other_user(confirmation)
