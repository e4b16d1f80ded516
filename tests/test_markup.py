"""Whatever people write shows as they wrote it: no page and no mail takes it for markup."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.files.models import Upload
from sharing.links.models import Download, Link, Recipient
from sharing.mail.address_list import Person
from tests.factories import link_to, recorded_file
from tests.people import RunTasks
from tests.requests.factories import arrived, guest_at, known_guest, request_of, start

pytestmark = pytest.mark.django_db

# In an element, in an attribute and in a script's string; short enough for every field.
MARKUP = "<q0x onclick=1>'\"`{{q}}&lt;"
RAW = re.compile(r"<q0x|&(?!amp;|lt;|gt;|quot;|#)q0x|\"'\"`\{\{q")


def written_by_everybody(owner: User) -> tuple[Link, Client]:
    """Every text field that somebody may fill, filled with markup; and a guest's browser."""
    owner.name = MARKUP
    owner.save()
    file = recorded_file(owner, name=f"{MARKUP}.png", path=MARKUP)
    recorded_file(owner, name=f"{MARKUP}.trash").delete_by(owner)
    link = link_to(file, recorded_file(owner, name=f"2{MARKUP}"), title=MARKUP, message=MARKUP, name="plain")
    Recipient.objects.mail(link, [Person("ann@example.com", MARKUP)], message=MARKUP, by=owner)
    Download.objects.create(link=link, file=file, visitor="x", user_agent=MARKUP)
    file.create_direct_url(seconds=60, by=owner)
    file_request = request_of(owner, title=MARKUP, message=MARKUP)
    arrived(known_guest(file_request, MARKUP), name=f"3{MARKUP}")
    guest = guest_at(file_request, MARKUP)
    start(guest, file_request, name=f"4{MARKUP}")
    return link, guest


def pages_of(owner: User, link: Link) -> Iterator[str]:
    file_request = owner.file_requests.get()
    # Selectors that find something, and those that find nothing and are named.
    for listing in (
        "/",
        "/trash/",
        "/requests/",
        link.get_absolute_url(),
        link.path_by(link.token),
        file_request.path,
    ):
        yield from (f"{listing}?q=%3Cq0x", f"{listing}?q=%3Cq0x+onclick%3D2%3E")
    yield from ("/", "/trash/", "/requests/", "/accounts/profile/", "/admin/")
    yield from (link.get_absolute_url(), file_request.get_absolute_url())
    yield from (reverse("link_files", args=[link.public_id]), f"/links/new/?file={link.files.all()[0].pk}")
    yield from (f"/files/{file.pk}/" for file in owner.files.all())
    yield from (f"/uploads/{upload.pk}/" for file in owner.files.all() for upload in [file.upload])
    yield from (
        link.path_by(link.token),
        f"{link.path_by(link.token)}?q=%3Cq0x",
        file_request.path,
        f"{file_request.path}?q=%3Cq0x",
    )


def test_no_page_takes_what_people_write_for_markup(
    alice: User, alice_client: Client, visitor: Client
) -> None:
    link, guest = written_by_everybody(alice)
    shown = 0
    for client in (alice_client, visitor, guest):
        for path in pages_of(alice, link):
            page = client.get(path, follow=True).content.decode()
            assert not RAW.search(page), path
            shown += "&lt;q0x" in page
    assert shown >= 15  # else nothing was tried


def test_no_message_takes_it_for_markup(alice: User, alice_client: Client) -> None:
    link, guest = written_by_everybody(alice)
    [file, other] = link.files.order_by("name")
    file_request = alice.file_requests.get()
    upload = Upload.objects.get(file__name=f"4{MARKUP}").pk
    told = [
        (alice_client, reverse("file_name", args=[file.pk]), {"name": f"5{MARKUP}"}),
        (alice_client, reverse("link_file_removal", args=[link.public_id, other.pk]), {}),
        (alice_client, reverse("file_deletion", args=[other.pk]), {}),
        (alice_client, reverse("file_restoration", args=[other.pk]), {}),
        (alice_client, reverse("recipient_mail", args=[link.recipients.get().public_id]), {}),
        (alice_client, reverse("recipient_revocation", args=[link.recipients.get().public_id]), {}),
        (guest, reverse("request_upload_withdrawal", args=[file_request.address, upload]), {}),
    ]
    shown = 0
    for client, path, fields in told:
        page = client.post(path, fields, follow=True).content.decode()
        assert not RAW.search(page), path
        messages = page.partition('class="messages"')[2].partition("</main>")[0][:1500]
        shown += "&lt;q0x" in messages
    assert shown >= 5  # else nothing was tried


def test_no_form_that_is_refused_takes_it_for_markup(alice: User, alice_client: Client) -> None:
    link, _ = written_by_everybody(alice)
    file_request = alice.file_requests.get()
    refused: list[tuple[str, dict[str, Any]]] = [
        (reverse("link_recipients", args=[link.public_id]), {"addresses": MARKUP, "message": MARKUP}),
        (reverse("link_settings", args=[link.public_id]), {"title": MARKUP * 20, "message": MARKUP}),
        (reverse("link_settings", args=[link.public_id]), {"name": "<>'\"" + MARKUP * 20}),
        (reverse("file_request_settings", args=[file_request.public_id]), {"kinds": MARKUP}),
        (
            reverse("file_request_settings", args=[file_request.public_id]),
            {"title": MARKUP * 20, "message": MARKUP},
        ),
        (file_request.path, {"name": MARKUP * 20, "email": MARKUP}),
        (reverse("account_login"), {"login": MARKUP, "password": "x"}),
    ]
    for path, fields in refused:
        answer = alice_client.post(path, fields)
        if path == reverse("account_login"):
            answer = Client().post(path, fields)
        assert not RAW.search(answer.content.decode()), path


def test_no_mail_takes_it_for_markup(
    alice: User, mailoutbox: list[EmailMultiAlternatives], run_tasks: RunTasks
) -> None:
    written_by_everybody(alice)
    run_tasks()
    assert mailoutbox
    for mail in mailoutbox:
        for body, _ in mail.alternatives:
            assert not RAW.search(str(body)), mail.subject
            assert "&lt;q0x" in str(body)
