from django.db import migrations, models

from sharing.online_index import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("files", "0012_plain_words"),
    ]

    operations = [
        AddIndexOnline(
            model_name="upload",
            index=models.Index(fields=["-created_at"], condition=models.Q(state="open"), name="upload_open"),
        ),
    ]
