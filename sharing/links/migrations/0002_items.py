"""Each file of a link is counted for itself: the table between links and files becomes a model of its own."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

KEEP_WHAT_IS_LINKED = """
    INSERT INTO links_item (link_id, file_id, added_at, download_count)
    SELECT link.id, linked.file_id, link.created_at, link.download_count
    FROM links_link_files AS linked JOIN links_link AS link ON link.id = linked.link_id
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("links", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("download_count", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="files.file"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="links.link"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(fields=["link", "file"], name="item_once_a_link"),
        ),
        migrations.RunSQL(KEEP_WHAT_IS_LINKED, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="link", name="files"),
        migrations.AddField(
            model_name="link",
            name="files",
            field=models.ManyToManyField(related_name="links", through="links.Item", to="files.file"),
        ),
        migrations.RemoveField(model_name="link", name="download_count"),
        migrations.AlterField(
            model_name="link",
            name="download_limit",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="How often it gives each of its files. Empty: as often as they like.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="download",
            name="visitor",
            field=models.CharField(blank=True, editable=False, max_length=22),
        ),
        migrations.AddField(
            model_name="download",
            name="is_repeat",
            field=models.BooleanField(
                default=False,
                help_text="The same visitor once more, which spent nothing.",
                verbose_name="repeat",
            ),
        ),
    ]
