"""Refuse to work on a database that a newer version of Waybill has migrated: this one would misread its rows."""

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import ngettext


class NewerDatabase(ImproperlyConfigured):
    """A later version of Waybill has migrated the database."""


def require_known_tables() -> None:
    """Raise NewerDatabase if migrations were applied that this version does not have.

    What a library once applied and no longer ships is no such sign, so of apps that are installed only ours count.
    Raises OperationalError while the database is away.
    """
    loader = MigrationLoader(connection)
    installed = {config.label: config.name for config in apps.get_app_configs()}
    unknown = [
        f"{app}.{name}"
        for app, name in sorted(loader.applied_migrations or {})
        if (app, name) not in loader.disk_migrations and installed.get(app, "sharing.").startswith("sharing.")
    ]
    if unknown:
        raise NewerDatabase(
            ngettext(
                "the database was last used by a newer version of Waybill (%(names)s is unknown to this one). "
                "Start that version or a later one, or restore a backup from before it.",
                "the database was last used by a newer version of Waybill (%(names)s are unknown to this one). "
                "Start that version or a later one, or restore a backup from before it.",
                len(unknown),
            )
            % {"names": ", ".join(unknown[:3])}
        )
