"""Users: the e-mail address is the login, and each has a quota that no race can exceed."""

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.accounts.errors import QuotaExceeded
from sharing.audit.record import record
from sharing.mail.address import tidied
from sharing.site.current import site

# Sent in the transaction that suspends `user`, for apps above this one; `by` is who does.
suspended = Signal()


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Lower case throughout, as allauth has it: nobody owns an address twice."""
        return tidied(email or "").lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))

    def create_user(
        self, email: str, password: str | None = None, *, by: "User | None" = None, **fields: Any
    ) -> "User":
        """Create an account; `by` is the operator who adds it for somebody else."""
        if not email:
            raise ValueError("An account needs an email address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        with transaction.atomic():
            user.save(using=self._db)
            record("user.added" if by else "user.created", user, by=by or user)
        return user

    def create_verified(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account whose address somebody vouches for, so that its owner can sign in without a mail."""
        with transaction.atomic():
            user = self.create_user(email, password, **fields)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator's account: whoever has the command line vouches for the address."""
        return self.create_verified(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(
        _("name"),
        max_length=100,
        blank=True,
        help_text=_("People you send links to see this name. If it is empty, they see your email address."),
    )
    quota = models.PositiveBigIntegerField(
        _("quota"),
        null=True,
        blank=True,
        help_text=_("For example 20 GB. If it is empty, the site's default applies."),
    )
    used_bytes = models.PositiveBigIntegerField(
        _("used"),
        default=0,
        editable=False,
        help_text=_("Stored files, and space reserved for uploads in progress."),
    )
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("Can use the admin panel."))
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Untick to suspend the account: it can't sign in, and all its links stop working."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    # A preset of addresses.expiry, which says what is allowed; empty: the site's.
    default_expiry = models.CharField(_("default expiry"), max_length=8, blank=True)
    previews_by_default = models.BooleanField(_("new links have previews"), default=True)
    # Mails about their links and requests.
    wants_first_download = models.BooleanField(_("a link is downloaded for the first time"), default=True)
    wants_all_downloaded = models.BooleanField(
        _("everyone you sent a link to has downloaded it"), default=True
    )
    wants_not_downloaded = models.BooleanField(
        _("a link expires within a day and hasn't been downloaded"), default=True
    )
    wants_arrivals = models.BooleanField(_("files arrive through one of your requests"), default=True)
    wants_reminders = models.BooleanField(
        _("remind those who haven't downloaded, a day before the link expires"), default=True
    )

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="email_is_unique_in_any_case")]

    def __str__(self) -> str:
        return self.email

    @property
    def display_name(self) -> str:
        return self.name or self.email

    @property
    def quota_bytes(self) -> int:
        return site.user_quota if self.quota is None else self.quota

    @property
    def free_bytes(self) -> int:
        return max(0, self.quota_bytes - self.used_bytes)

    @property
    def is_over_quota(self) -> bool:
        """Return True if more is used than allowed: the quota was lowered, or the bucket may hold something twice."""
        return self.used_bytes > self.quota_bytes

    def suspend(self, *, by: "User") -> None:
        """Sign the person out everywhere, and stop what they handed out. Safe to repeat."""
        with transaction.atomic():
            if User.objects.filter(pk=self.pk, is_active=True).update(is_active=False):
                record("user.suspended", self, by=by)
                suspended.send(User, user=self, by=by)
        self.is_active = False
        self.end_sessions()

    def restore(self, *, by: "User") -> None:
        """Let a suspended person in again; their links open again too. Safe to repeat."""
        with transaction.atomic():
            if User.objects.filter(pk=self.pk, is_active=False).update(is_active=True):
                record("user.restored", self, by=by)
        self.is_active = True

    def confirm_email(self, *, by: "User") -> None:
        """Vouch for the address, as its owner does by the link in a mail. Safe to repeat."""
        with transaction.atomic():
            address, _created = EmailAddress.objects.get_or_create(user=self, email=self.email)
            if not address.verified:
                address.verified = address.primary = True
                address.save(update_fields=["verified", "primary"])
                record("user.email_confirmed", self, by=by)

    def end_sessions(self) -> None:
        """Sign the person out of every browser. Takes three queries a session."""
        for session in UserSession.objects.filter(user=self):
            session.end()

    def reserve(self, size: int) -> None:
        """Take `size` bytes of the quota. One conditional UPDATE, so that racing uploads cannot exceed it.

        Raises QuotaExceeded when the bytes are not free.
        """
        own_quota_fits = Q(quota__gte=F("used_bytes") + size)
        site_quota_fits = Q(quota=None, used_bytes__lte=site.user_quota - size)
        if not User.objects.filter(own_quota_fits | site_quota_fits, pk=self.pk).update(
            used_bytes=F("used_bytes") + size
        ):
            self.refresh_from_db(fields=["quota", "used_bytes"])
            raise QuotaExceeded(size=size, free=self.free_bytes)

    def charge(self, size: int) -> None:
        """Count `size` bytes more, even where they are not free: nothing new starts then until so much came back."""
        User.objects.filter(pk=self.pk).update(used_bytes=F("used_bytes") + size)

    def release(self, size: int) -> None:
        """Give `size` bytes of the quota back."""
        User.objects.filter(pk=self.pk).update(used_bytes=F("used_bytes") - size)
