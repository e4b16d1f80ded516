from django.conf import settings
from django.db import migrations, models

from sharing.online_index import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("files", "0007_orphaned_object"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="file",
            name="file_to_purge",
        ),
        AddIndexOnline(
            model_name="file",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False), ("discarded_at", None)),
                fields=["deleted_at"],
                name="file_trashed",
            ),
        ),
        AddIndexOnline(
            model_name="file",
            index=models.Index(
                condition=models.Q(("discarded_at__isnull", False), ("purged_at", None)),
                fields=["id"],
                name="file_discarded",
            ),
        ),
        AddIndexOnline(
            model_name="file",
            index=models.Index(
                condition=models.Q(("move_asked_at__isnull", False)),
                fields=["move_asked_at"],
                name="file_to_rekey",
            ),
        ),
    ]
