"""What an owner does with a link, and what a visitor sees of it."""

from sharing.links.views.landing import download, landing
from sharing.links.views.owner import change_expiry, revoke, show
from sharing.links.views.progress import progress

__all__ = ["change_expiry", "download", "landing", "progress", "revoke", "show"]
