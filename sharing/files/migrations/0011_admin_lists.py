from django.conf import settings
from django.db import migrations, models

from sharing.online_index import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("files", "0010_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexOnline(
            model_name="file",
            index=models.Index(fields=["-created_at"], name="file_newest"),
        ),
        AddIndexOnline(
            model_name="upload",
            index=models.Index(fields=["-created_at"], name="upload_newest"),
        ),
    ]
