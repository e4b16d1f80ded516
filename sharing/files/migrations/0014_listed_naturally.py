from django.db import migrations

import sharing.files.models.listed


class Migration(migrations.Migration):
    dependencies = [("files", "0013_open_uploads")]

    operations = [
        migrations.AddField(
            model_name="file",
            name="kind",
            field=sharing.files.models.listed.KindField(
                choices=[
                    ("picture", "Pictures"),
                    ("video", "Videos"),
                    ("audio", "Audio"),
                    ("document", "Documents"),
                    ("archive", "Archives"),
                    ("other", "Other files"),
                ],
                db_default="",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="file",
            name="name_key",
            field=sharing.files.models.listed.NameKeyField(db_default=b"", max_length=400),
        ),
    ]
