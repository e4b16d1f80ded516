"""Links, their items and recipients, and what was downloaded and mailed."""

from sharing.links.models.download import Download
from sharing.links.models.item import Item
from sharing.links.models.link import Link
from sharing.links.models.mail_quota import MailQuota
from sharing.links.models.notice import Digest, Notice, NoticeWatermark
from sharing.links.models.one_time_code import OneTimeCode
from sharing.links.models.recipient import Recipient
from sharing.links.models.recipient_download_count import RecipientDownloadCount
from sharing.links.models.time_request import TimeRequest

__all__ = [
    "Digest",
    "Download",
    "Item",
    "Link",
    "MailQuota",
    "Notice",
    "NoticeWatermark",
    "OneTimeCode",
    "Recipient",
    "RecipientDownloadCount",
    "TimeRequest",
]
