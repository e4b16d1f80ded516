"""Requests for files, by which people without an account send some to a user."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing import tokens
from sharing.addresses.expiry import Expiring, unexpired
from sharing.addresses.passwords import PasswordProtected, hash_password
from sharing.addresses.slugs import Slugged, parse_slug
from sharing.audit.record import record
from sharing.files.models import File
from sharing.requests.models.closing import Closable
from sharing.requests.models.seen import Watched
from sharing.requests.models.state import State, Stateful
from sharing.requests.models.upload_limits import UploadLimited

if TYPE_CHECKING:
    from sharing.accounts.models import User

PURPOSE = "request"


class FileRequestQuerySet(models.QuerySet["FileRequest"]):
    def usable(self) -> Self:
        """Return those that are neither closed nor expired, of active owners. They may be full: see `takes_files`."""
        active_owner = get_user_model().objects.filter(pk=OuterRef("owner_id"), is_active=True)
        return self.filter(unexpired(), Exists(active_owner), closed_at=None)

    def of_interest(self, owner: "User") -> Self:
        """Return the owner's that take files, or have some that were not seen yet. Those first, then the newest."""
        own = self.filter(owner=owner).select_related("owner")
        takes_files = Q(closed_at=None) & unexpired()
        return own.filter(takes_files | Q(unseen_count__gt=0)).order_by("-unseen_count", "-created_at", "-pk")

    def by_token(self, token: str) -> "FileRequest":
        """Return the request of a token, with its owner. Raises FileRequest.DoesNotExist."""
        public_id = tokens.read(PURPOSE, token)
        if public_id is None:
            raise FileRequest.DoesNotExist
        return self.select_related("owner").get(public_id=public_id)

    def make(self, *, owner: "User", password: str = "", name: str = "", **fields: Any) -> "FileRequest":
        """Create a request. `password` is in clear, "" for none; the slug is made of `name`.

        Raises InvalidPassword, InvalidSlug.
        """
        hashed = hash_password(password)
        with transaction.atomic():
            request = self.create(owner=owner, password=hashed, slug=parse_slug(name), **fields)
            record("request.made", request, by=owner)
        return request


class FileRequest(Slugged, PasswordProtected, Expiring, Closable, UploadLimited, Stateful, Watched):
    """Asks people without an account for files. Its token is computed from `public_id`, never stored."""

    noun = "request"

    class Asked(models.TextChoices):
        OFF = "off", _("Don't ask")
        OPTIONAL = "optional", _("Optional")
        REQUIRED = "required", _("Required")

    State = State

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="file_requests"
    )
    title = models.CharField(max_length=200)
    message = models.TextField(max_length=2000, blank=True)
    name_asked = models.CharField(max_length=10, choices=Asked, default=Asked.REQUIRED)
    email_asked = models.CharField(max_length=10, choices=Asked, default=Asked.OPTIONAL)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = FileRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("file_request", args=[self.public_id])

    @property
    def token(self) -> str:
        return tokens.mint(PURPOSE, self.public_id)

    @property
    def address(self) -> str:
        """The token, with the slug before it where there is one."""
        return self.address_by(self.token)

    @property
    def path(self) -> str:
        return reverse("request_landing", args=[self.address])

    @property
    def api_path(self) -> str:
        """The path of its guests' uploads in the API, in place of `/api/v1`."""
        return f"/api/v1/requests/{self.token}"

    @property
    def url(self) -> str:
        """The URL that its owner sends."""
        return f"{settings.SITE_URL}{self.path}"

    def ready_files(self) -> models.QuerySet[File]:
        """Return the files that have arrived and are still there."""
        return File.objects.ready().filter(upload__delivery__guest__request=self)

    def change_rules(self, rules: Mapping[str, Any], *, by: "User") -> None:
        """Change the fields that are given, and `name` and `password` in clear, "" for none; the others stay.

        A later expiry makes an expired request take files again. Raises InvalidPassword, InvalidSlug.
        """
        fields = dict(rules)
        with transaction.atomic():
            if "name" in fields:
                self.set_slug(fields.pop("name"), by=by)
            if "password" in fields:
                self.change_password(fields.pop("password"), by=by)
            self.change(fields, by=by)
