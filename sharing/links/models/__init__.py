"""A link, its items, whom it was mailed to, and every download they gave."""

from sharing.links.models.allowance import Allowance
from sharing.links.models.code import Code
from sharing.links.models.download import Download
from sharing.links.models.item import Item
from sharing.links.models.link import Link
from sharing.links.models.notice import Digest, Notice
from sharing.links.models.postage import Postage
from sharing.links.models.recipient import Recipient
from sharing.links.models.time_request import TimeRequest

__all__ = [
    "Allowance",
    "Code",
    "Digest",
    "Download",
    "Item",
    "Link",
    "Notice",
    "Postage",
    "Recipient",
    "TimeRequest",
]
