"""Django system checks of combinations of settings."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.translation import gettext as _

TAG = "waybill"


@checks.register(TAG)
def check_proxies(**options: Any) -> list[checks.CheckMessage]:
    """Warn if all visitors would share one rate limit, behind a proxy that is not trusted."""
    if not settings.SITE_URL.startswith("https://") or settings.TRUSTED_PROXY_COUNT:
        return []
    return [
        checks.Warning(
            _(
                "SITE_URL uses https, so there is a proxy in front, but TRUSTED_PROXY_COUNT is 0. All visitors share "
                "one rate limit, so one of them can lock out everybody."
            ),
            hint=_(
                "Set TRUSTED_PROXY_COUNT to the number of proxies in front, and let them set X-Forwarded-For."
            ),
            id="waybill.W001",
        )
    ]
