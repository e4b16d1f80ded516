"""A link, and every download it gave."""

from sharing.links.models.download import Download
from sharing.links.models.link import Link

__all__ = ["Download", "Link"]
