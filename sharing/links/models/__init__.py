"""A link, its items, and every download they gave."""

from sharing.links.models.download import Download
from sharing.links.models.item import Item
from sharing.links.models.link import Link

__all__ = ["Download", "Item", "Link"]
