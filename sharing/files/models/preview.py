"""Showing a file in the browser: as which type, and at which URL."""

from sharing.files.models.base import FileBase
from sharing.files.previews import preview_type, shown_type
from sharing.storage.bucket import get_bucket
from sharing.storage.presigning import url_lifetime


class Previewed(FileBase):
    class Meta:
        abstract = True

    @property
    def preview_type(self) -> str:
        """Return the Content-Type as which a browser may show it; "" if it can only be downloaded."""
        return preview_type(content_type=self.content_type, name=self.name, size=self.size)

    @property
    def media_type(self) -> str:
        """Return the type that readers are shown: by its name where that says more than what its uploader claimed."""
        return shown_type(content_type=self.content_type, name=self.name) or self.content_type

    def preview_url(self, *, seconds: int | None = None) -> str:
        """Return the bucket's own URL that shows it, good for as long as a download's. Requires a `preview_type`.

        A film is fetched range by range for as long as somebody watches it.
        """
        return get_bucket().presign_preview(
            self.object_key,
            filename=self.name,
            content_type=self.preview_type,
            seconds=url_lifetime(self.size) if seconds is None else seconds,
        )
