"""Users and invitations."""

from sharing.accounts.models.invitation import Invitation
from sharing.accounts.models.user import User

__all__ = ["Invitation", "User"]
