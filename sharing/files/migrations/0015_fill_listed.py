from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from sharing.files.kinds import kind_of
from sharing.files.natural_order import natural_key
from sharing.online_index import AddIndexOnline

ROWS_AT_ONCE = 2000


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each file its kind and the key of its name. Safe to repeat: it goes on where it was interrupted."""
    connection = schema_editor.connection
    rows = apps.get_model("files", "File").objects.using(connection.alias)
    table, prepared = rows.model._meta.db_table, rows.model._meta.pk.get_db_prep_value
    statement = f'UPDATE {table} SET "kind" = %s, "name_key" = %s WHERE "id" = %s'  # noqa: S608
    last = None
    while True:
        some = rows.filter(kind="").order_by("pk")
        if last is not None:
            some = some.filter(pk__gt=last)
        files = list(some.values_list("pk", "name", "content_type")[:ROWS_AT_ONCE])
        if not files:
            return
        values = [
            (
                kind_of(content_type=content_type, name=name).value,
                natural_key(name),
                prepared(pk, connection, prepared=False),
            )
            for pk, name, content_type in files
        ]
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.executemany(statement, values)
        last = files[-1][0]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("files", "0014_listed_naturally"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        AddIndexOnline(
            model_name="file",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["owner", "name_key", "-created_at", "id", "ready_at"],
                name="file_listed_by_name_key",
            ),
        ),
        AddIndexOnline(
            model_name="file",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["owner", "kind", "-created_at", "name", "id", "ready_at"],
                name="file_listed_by_kind",
            ),
        ),
        migrations.RemoveIndex(model_name="file", name="file_listed_by_name"),
    ]
