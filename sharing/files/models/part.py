"""One part of a multipart upload."""

from django.db import models
from django.utils.translation import gettext_lazy


class Part(models.Model):
    """The digest that a part was signed with. ListParts does not return digests, so they are kept here."""

    upload = models.ForeignKey("files.Upload", on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField(help_text=gettext_lazy("From 1 to 10,000."))
    sha256 = models.CharField("SHA-256", max_length=44, help_text=gettext_lazy("Of its bytes, in base64."))

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="part_is_signed_once")]

    def __str__(self) -> str:
        return f"part {self.number}"
