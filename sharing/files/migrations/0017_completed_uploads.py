from django.db import migrations, models

from sharing.online_index import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("files", "0016_arrived"),
    ]

    operations = [
        AddIndexOnline(
            model_name="upload",
            index=models.Index(
                fields=["finished_at"], condition=models.Q(state="complete"), name="upload_completed"
            ),
        ),
    ]
