from django.conf import settings
from django.db import migrations, models

from sharing.online_index import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("files", "0011_admin_lists"),
        ("links", "0014_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexOnline(
            model_name="link",
            index=models.Index(fields=["-created_at"], name="link_newest"),
        ),
    ]
