"""The pages and periodic tasks that are measured, each as one call."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from math import ceil

from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.background import periodic_tasks
from sharing.files.models import File
from sharing.links.models import Link
from sharing.listing import FILE_ORDERS, ROWS
from sharing.pages.views.dashboard import LINK_ORDERS
from tests.bench.scale.rows import LINK_OF_ONE, LONG_LINK, OWNER, SHORT_LINK

# These ask the bucket, of which there is none here.
NEED_THE_BUCKET = {"examine checksums", "reclaim space", "watch parts"}

type Call = Callable[[], int]


def calls() -> Iterator[tuple[str, Call]]:
    """Name and call of everything that is measured; a call returns the status of its answer."""
    owner = Client(raise_request_exception=False)
    owner.force_login(User.objects.get(pk=OWNER))
    yield from _dashboard(owner)
    yield from _owner_s(owner)
    yield from _receivers()
    yield from _admin(owner)


def periodic() -> Iterator[tuple[str, Call]]:
    """Name and call of each periodic task that needs the database alone."""
    for task in periodic_tasks():
        if task.name not in NEED_THE_BUCKET:
            yield f"periodic: {task.name}", _run(task.task.call)


def _dashboard(owner: Client) -> Iterator[tuple[str, Call]]:
    page = reverse("dashboard")
    for order in FILE_ORDERS:
        yield f"dashboard, files by {order}", _get(owner, page, {"files-sort": order})
    for order in LINK_ORDERS:
        yield f"dashboard, links by {order}", _get(owner, page, {"links-sort": order})
    last = File.objects.filter(owner=OWNER).ready().count() // ROWS
    yield "dashboard, last page of files", _get(owner, page, {"files-page": str(last)})
    yield "dashboard, last page of links", _get(owner, page, {"links-page": "last"})
    for what, words in {"much": "img", "little": "IMG-0000042", "nothing": "zzzz"}.items():
        yield f"dashboard, search that finds {what}", _get(owner, page, {"q": words})


def _owner_s(owner: Client) -> Iterator[tuple[str, Call]]:
    file = File.objects.filter(owner=OWNER, items__link=SHORT_LINK).ready()[0]
    yield "file page", _get(owner, reverse("file", args=[file.pk]))
    yield "trash", _get(owner, reverse("trash"))
    yield "new link to a folder", _get(owner, reverse("new_link"), {"folder": "folder-7"})
    for what, pk in {"20 files": SHORT_LINK, "many files": LONG_LINK}.items():
        link = Link.objects.get(pk=pk)
        yield f"link page, {what}", _get(owner, link.get_absolute_url())
        yield f"adding files to a link of {what}", _get(owner, reverse("link_files", args=[link.public_id]))
        yield f"history of a link of {what}, CSV", _get(owner, reverse("link_history", args=[link.public_id]))


def _receivers() -> Iterator[tuple[str, Call]]:
    for what, pk in {"1 file": LINK_OF_ONE, "20 files": SHORT_LINK, "many files": LONG_LINK}.items():
        token = Link.objects.get(pk=pk).token
        yield f"landing of {what}", _get(Client(), reverse("landing", args=[token]))
        yield f"progress of {what}", _get(Client(), reverse("landing_progress", args=[token]))
        yield f"script of {what}", _get(Client(), reverse("landing_script", args=[token]))


def _admin(owner: Client) -> Iterator[tuple[str, Call]]:
    yield "admin: overview", _get(owner, reverse("admin:index"))
    yield "admin: overview, counted anew", _uncached(_get(owner, reverse("admin:index")))
    for model in apps.get_models():
        if admin.site.is_registered(model):
            options = model._meta
            name = f"admin: {options.verbose_name_plural}"
            page = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
            last = max(
                1, ceil(model._default_manager.count() / admin.site.get_model_admin(model).list_per_page)
            )
            yield name, _get(owner, page)
            yield f"{name}, last page", _get(owner, page, {"p": str(last)})
            for what, words in {"much": "e", "little": "IMG-0000042", "nothing": "zzzz"}.items():
                yield f"{name}, search that finds {what}", _get(owner, page, {"q": words})
            for title, chosen in _filters(owner, page):
                yield f"{name}, {title}", _get(owner, f"{page}{chosen}")


def _filters(owner: Client, page: str) -> Iterator[tuple[str, str]]:
    """Name and query of each choice at the side of a list."""
    side = owner.get(page).content.decode().partition("<search id=")[2].partition("</search>")[0]
    for address, title in re.findall(r'<a href="(\?[^"]+)"[^>]*>([^<]+)</a>', side):
        chosen = unescape(address)
        yield f"{chosen[1:].partition('=')[0]}: {title.strip()}", chosen


def _uncached(call: Call) -> Call:
    def anew() -> int:
        cache.clear()
        return call()

    return anew


def _get(client: Client, path: str, parameters: dict[str, str] | None = None) -> Call:
    def call() -> int:
        answer = client.get(path, parameters)
        _ = answer.getvalue()  # what streams is read to its end
        return answer.status_code

    return call


def _run(task: Callable[[], object]) -> Call:
    def call() -> int:
        task()
        return 200

    return call
