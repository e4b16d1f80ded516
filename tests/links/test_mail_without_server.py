"""Without a mail server, nothing says that a mail was sent."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.links.models import Recipient
from sharing.mail.outbox import OUTBOX
from tests.factories import kept_file, link_to
from tests.people import RunTasks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_set", [True, False])
def test_the_form_its_answer_and_the_list_say_so(
    alice: User,
    alice_client: Client,
    settings: LazySettings,
    run_tasks: RunTasks,
    tmp_path: object,
    *,
    is_set: bool,
) -> None:
    if not is_set:
        settings.MAILERS = {"default": {"BACKEND": OUTBOX, "OPTIONS": {"folder": str(tmp_path)}}}
    link = link_to(kept_file(alice, name="plan.pdf"))
    form = alice_client.get(link.get_absolute_url()).content.decode()
    sending = {"addresses": "bob@example.com", "message": ""}
    answer = alice_client.post(reverse("link_recipients", args=[link.public_id]), sending, follow=True)
    said = answer.content.decode()
    run_tasks()
    assert Recipient.objects.get().mailed_at
    listed = alice_client.get(link.get_absolute_url()).content.decode()
    assert ("no email will arrive" in form) is not is_set
    assert ("Send email" in form) is is_set
    assert ("No email was sent" in said) is not is_set
    assert ("Sending to bob@example.com" in said) is is_set
    assert ("Not emailed" in listed) is not is_set
    assert (f'data-text="{Recipient.objects.get().url}"' in listed) is not is_set
