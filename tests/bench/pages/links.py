"""`python -m tests.bench.pages.links`: makes the links that are opened, and prints their paths as JSON."""

import json
import sys
from typing import Any

import django

MANY = 100
# So many links of one file each, opened in turn: no page is asked for twice in a while.
STRANGERS = 2000
# The largest that a link may have: every download is checked against it, and none is the last.
LIMIT = 1_000_000


def main() -> None:
    django.setup()
    from django.urls import reverse

    from sharing.accounts.models import User
    from tests.factories import kept_file, link_to, recorded_file

    owner = User.objects.create_user("bench@example.com", name="Bench")
    file = kept_file(owner, name="plan.pdf", size=1000)
    alone, limited = link_to(file), link_to(file, download_limit=LIMIT)
    many = link_to(*(recorded_file(owner, name=f"IMG-{number:04}.txt") for number in range(MANY)))

    def page(link: Any) -> str:
        return reverse("landing", args=[link.token])

    def spend(link: Any) -> str:
        return reverse("landing_download", args=[link.token, file.pk])

    paths = {
        "alone": [page(alone)],
        "many": [page(many)],
        "strangers": [page(link_to(file)) for _ in range(STRANGERS)],
        "spend": [spend(alone)],
        "spend_limited": [spend(limited)],
    }
    json.dump(paths, sys.stdout)


if __name__ == "__main__":
    main()
