from django.db import migrations


class Migration(migrations.Migration):
    """Renames the model alone: its table keeps its name, so that neither operation runs SQL on it."""

    dependencies = [("files", "0006_held_until_gone")]

    operations = [
        migrations.AlterModelTable(name="leftover", table="files_leftover"),
        migrations.RenameModel(old_name="Leftover", new_name="OrphanedObject"),
    ]
