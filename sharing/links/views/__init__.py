"""What an owner does with a link, and what a visitor sees of it."""

from sharing.links.views.contents import make, remove_file
from sharing.links.views.landing import download, landing
from sharing.links.views.owner import revoke, show
from sharing.links.views.progress import progress
from sharing.links.views.rules import (
    change_expiry,
    change_limit,
    change_name,
    extend,
    remove_password,
    set_password,
)

__all__ = [
    "change_expiry",
    "change_limit",
    "change_name",
    "download",
    "extend",
    "landing",
    "make",
    "progress",
    "remove_file",
    "remove_password",
    "revoke",
    "set_password",
    "show",
]
