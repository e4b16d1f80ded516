from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("links", "0010_plain_names")]

    operations = [
        migrations.CreateModel(
            name="NoticeWatermark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("collected_until", models.DateTimeField()),
            ],
        ),
    ]
