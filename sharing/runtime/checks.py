"""Django system checks of combinations of settings."""

from typing import Any

from django.conf import settings
from django.core import checks

TAG = "waybill"


@checks.register(TAG)
def check_proxies(**_: Any) -> list[checks.CheckMessage]:
    """Warn if all visitors would share one rate limit, behind a proxy that is not trusted."""
    if not settings.SITE_URL.startswith("https://") or settings.TRUSTED_PROXY_COUNT:
        return []
    return [
        checks.Warning(
            "SITE_URL is https, so a proxy is in front, but TRUSTED_PROXY_COUNT is 0: all visitors share one rate "
            "limit, and ten wrong passwords by one of them stop all.",
            hint="Set TRUSTED_PROXY_COUNT to the number of proxies in front, and have them set X-Forwarded-For.",
            id="waybill.W001",
        )
    ]
