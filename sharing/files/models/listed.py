"""Columns that lists sort and filter by, stored with the file so that an index has them."""

from typing import Any

from django.db import models

from sharing.files.kinds import Kind, kind_of
from sharing.files.models.base import FileBase
from sharing.files.natural_order import MAX_KEY_LENGTH, natural_key


class NameKeyField(models.BinaryField[bytes, bytes]):
    """The natural key of a file's name, computed whenever it is saved."""

    def pre_save(self, model_instance: Any, add: bool) -> bytes:
        key = natural_key(model_instance.name)
        model_instance.name_key = key
        return key


class KindField(models.CharField[str, str]):
    """The kind of a file, computed whenever it is saved."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        kind = kind_of(content_type=model_instance.content_type, name=model_instance.name)
        model_instance.kind = kind.value
        return kind.value


class Listed(FileBase):
    # With defaults in the database, since the version before this one writes rows while they are added.
    name_key = NameKeyField(max_length=MAX_KEY_LENGTH, db_default=b"", editable=False)
    kind = KindField(max_length=10, choices=Kind.choices, db_default="", editable=False)

    class Meta:
        abstract = True
