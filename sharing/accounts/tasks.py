"""Background tasks of accounts. Each may run twice."""

from django.tasks import task

from sharing.accounts.models import Invitation


@task
def send_invitation(invitation_id: int) -> None:
    """Mail an invitation. Its token is computed here, so that the task's stored arguments open nothing."""
    Invitation.objects.select_related("invited_by").get(pk=invitation_id).send()
