"""Views of links: an owner's, and those of visitors below `/s/`."""

from sharing.links.views.changes import changes
from sharing.links.views.collection import collect, collection_script, collection_urls, service_worker
from sharing.links.views.contents import make, remove_file
from sharing.links.views.defaults import change_defaults
from sharing.links.views.landing import download, landing, mail_code
from sharing.links.views.more_time import ask_for_more_time
from sharing.links.views.owner import export_history, revoke, show, show_as_receiver
from sharing.links.views.preview import preview, thumbnail
from sharing.links.views.progress import progress
from sharing.links.views.recipients import mail, mail_again, revoke_recipient
from sharing.links.views.rules import change_settings, extend
from sharing.links.views.selection import delete_links, extend_links, revoke_links

__all__ = [
    "ask_for_more_time",
    "change_defaults",
    "change_settings",
    "changes",
    "collect",
    "collection_script",
    "collection_urls",
    "delete_links",
    "download",
    "export_history",
    "extend",
    "extend_links",
    "landing",
    "mail",
    "mail_again",
    "mail_code",
    "make",
    "preview",
    "progress",
    "remove_file",
    "revoke",
    "revoke_links",
    "revoke_recipient",
    "service_worker",
    "show",
    "show_as_receiver",
    "thumbnail",
]
