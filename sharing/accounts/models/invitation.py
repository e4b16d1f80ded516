"""Invitations: staff invite an address, and whoever reads its mail may create an account with it."""

from datetime import datetime, timedelta
from typing import ClassVar

from allauth.account.adapter import get_adapter
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharing import tokens
from sharing.accounts.errors import InvitationClosed, InvitationRefused
from sharing.accounts.models.user import User, UserManager
from sharing.audit.record import record
from sharing.background import enqueue_on_commit
from sharing.site.current import site

LIFE = timedelta(days=7)


def in_a_week() -> datetime:
    return timezone.now() + LIFE


class InvitationManager(models.Manager["Invitation"]):
    def invite(self, email: str, *, by: User) -> "Invitation":
        """Mail a link that opens an account; earlier links to this address die. Raises InvitationRefused."""
        email = UserManager.normalize_email(email)
        self._check(email, by)
        with transaction.atomic():
            self.filter(email=email, accepted_at=None, expires_at__gt=timezone.now()).update(
                expires_at=timezone.now()
            )
            invitation = self.create(email=email, invited_by=by)
            record("user.invited", invitation, by=by)
            enqueue_on_commit("sharing.accounts.tasks.send_invitation", invitation.pk)
        return invitation

    def by_token(self, token: str) -> "Invitation":
        """Return the invitation of a token, whatever its state. Raises Invitation.DoesNotExist."""
        public_id = tokens.read("invitation", token)
        if public_id is None:
            raise self.model.DoesNotExist
        return self.select_related("invited_by").get(public_id=public_id)

    def _check(self, email: str, by: User) -> None:
        if site.signup == "closed":
            raise InvitationRefused(
                _("Invitations are turned off. Turn them on in the admin panel's settings, under sign-up.")
            )
        if not (by.is_staff and by.is_active):
            raise InvitationRefused(_("Only staff can invite people."))
        if filter_users_by_email(email):
            raise InvitationRefused(_("%(email)s already has an account.") % {"email": email})


class Invitation(models.Model):
    """An invitation of one address. Its token is computed from `public_id`, never stored."""

    public_id = models.CharField(max_length=12, unique=True, default=tokens.new_public_id, editable=False)
    email = models.EmailField(gettext_lazy("email address"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="invitations",
        verbose_name=gettext_lazy("invited by"),
    )
    created_at = models.DateTimeField(gettext_lazy("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(gettext_lazy("expires"), default=in_a_week)
    accepted_at = models.DateTimeField(gettext_lazy("accepted"), null=True, blank=True, editable=False)

    objects: ClassVar[InvitationManager] = InvitationManager()

    class Meta:
        verbose_name = gettext_lazy("invitation")
        verbose_name_plural = gettext_lazy("invitations")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["email"], name="invitation_by_email")]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        """Return True if the link still opens an account: its inviter must still be allowed to invite."""
        return (
            self.accepted_at is None
            and timezone.now() < self.expires_at
            and site.signup != "closed"
            and self.invited_by.is_active
            and self.invited_by.is_staff
        )

    @property
    def token(self) -> str:
        return tokens.mint("invitation", self.public_id)

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{reverse('invitation', args=[self.token])}"

    def send(self) -> None:
        """Mail the link, unless it has closed meanwhile."""
        if self.is_open:
            get_adapter().send_mail("account/email/invitation", self.email, {"invitation": self})

    def accept(self, *, password: str, name: str = "") -> User:
        """Create the account, once. The address counts as verified: its mail brought the link here.

        Raises InvitationClosed.
        """
        now = timezone.now()
        if not self.is_open:
            raise InvitationClosed
        try:
            with transaction.atomic():
                # Only the row's own columns decide, so of two racing requests one finds it taken.
                unused = Invitation.objects.filter(pk=self.pk, accepted_at=None, expires_at__gt=now)
                if not unused.update(accepted_at=now):
                    raise InvitationClosed
                return User.objects.create_verified(self.email, password, name=name)
        except IntegrityError as error:
            raise InvitationClosed from error
