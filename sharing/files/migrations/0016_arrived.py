from django.conf import settings
from django.db import migrations, models

from sharing.online_index import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("files", "0015_fill_listed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexOnline(
            model_name="file",
            index=models.Index(
                fields=["owner", "-ready_at"],
                condition=models.Q(ready_at__isnull=False),
                name="file_by_owner_arrived",
            ),
        ),
    ]
