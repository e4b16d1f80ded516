"""`python -m tests.screenshots.inside account|links`: make them, in the environment of an instance."""

import sys
from datetime import timedelta

import django

from tests.screenshots.scene import EMAIL, NAME, PASSWORD, PHOTOS

django.setup()

from sharing.accounts.models import User  # noqa: E402  models need the settings
from sharing.files.models import File  # noqa: E402
from tests.factories import link_to  # noqa: E402


def create_account() -> None:
    User.objects.create_superuser(email=EMAIL, password=PASSWORD, name=NAME)


def create_links() -> None:
    """Make links with several rules of what has been sent, and write the path of the one that is shown."""
    files = {file.name: file for file in File.objects.all()}
    link_to(
        files["Bill of quantities.xlsx"], expires_in=timedelta(hours=5), password="facade", title="Tender"
    )
    link_to(files["Model.ifc"], expires_in=timedelta(days=30), download_limit=3)
    shown = link_to(
        *(files[name] for name in PHOTOS),
        files["Floor plan.pdf"],
        title="Courtyard house, stage 2",
        message="The photos from Tuesday, and the plan that goes with them. Questions? Just answer the mail.",
    )
    sys.stdout.write(f"{shown.path_by(shown.token)}\n")


if __name__ == "__main__":
    {"account": create_account, "links": create_links}[sys.argv[1]]()
