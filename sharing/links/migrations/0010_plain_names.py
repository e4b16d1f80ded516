from django.conf import settings
from django.db import migrations, models

# Each table keeps its name, so none of these runs any SQL.
TABLES = {"Allowance": "links_allowance", "Code": "links_code", "Postage": "links_postage"}


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("links", "0009_guesses"),
    ]

    operations = [
        *(migrations.AlterModelTable(name, table) for name, table in TABLES.items()),
        migrations.RenameModel("Allowance", "RecipientDownloadCount"),
        migrations.RenameModel("Code", "OneTimeCode"),
        migrations.RenameModel("Postage", "MailQuota"),
        migrations.AlterField(
            "recipientdownloadcount",
            "item",
            models.ForeignKey(on_delete=models.CASCADE, related_name="download_counts", to="links.item"),
        ),
        migrations.AlterField(
            "recipientdownloadcount",
            "recipient",
            models.ForeignKey(on_delete=models.CASCADE, related_name="download_counts", to="links.recipient"),
        ),
        migrations.AlterField(
            "mailquota",
            "owner",
            models.OneToOneField(
                on_delete=models.CASCADE, related_name="mail_quota", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
