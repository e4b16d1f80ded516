"""The site's name, greeting and links, as staff changed them, reach pages, mails and caches."""

from email.utils import parseaddr

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.environment import read_environment
from sharing.links.models import Recipient
from sharing.mail.address_list import Person
from sharing.storage.bucket import Bucket
from tests.factories import link_to, recorded_file
from tests.people import RunTasks
from tests.site.changing import change

NAME = "Bells & Whistles"
IMPRINT = "https://example.com/imprint?a=1&b=2"


def test_it_is_the_name_on_every_page(client: Client, alice_client: Client, carol_client: Client) -> None:
    change(SITE_NAME=NAME)
    for page in (
        client.get(reverse("account_login")),
        client.get("/s/nothing/"),
        client.get("/nowhere/"),
        alice_client.get(reverse("dashboard")),
        carol_client.get(reverse("admin:index")),
    ):
        html = page.content.decode()
        title = html.partition("<title>")[2].partition("</title>")[0]
        assert "Bells &amp; Whistles" in title
        assert '<span class="word">Bells &amp; Whistles</span>' in html
        assert "· Waybill" not in html


@pytest.mark.django_db
def test_pages_without_a_context_have_it_too(client: Client) -> None:
    change(SITE_NAME=NAME)
    refused = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a"})
    assert refused.status_code == 403
    too_large = client.post(reverse("account_login"), "a" * 2_000_000, content_type="text/plain")
    assert too_large.status_code == 413
    for answer in (refused, too_large):
        assert " · Bells &amp; Whistles</title>" in answer.content.decode()


def test_a_link_s_cached_page_follows(visitor: Client, alice: User, bucket: Bucket) -> None:
    path = reverse("landing", args=[link_to(recorded_file(alice)).token])
    for _ in range(2):
        assert "Bells" not in visitor.get(path).content.decode()
    change(SITE_NAME=NAME, IMPRINT_URL=IMPRINT)
    page = visitor.get(path).content.decode()
    assert '<meta property="og:site_name" content="Bells &amp; Whistles">' in page
    assert '<a href="https://example.com/imprint?a=1&amp;b=2" rel="noopener">Imprint</a>' in page
    change(SITE_NAME="Pigeon")
    assert "Bells" not in visitor.get(path).content.decode()


def test_mails_bear_it(alice: User, run_tasks: RunTasks) -> None:
    change(SITE_NAME=NAME, IMPRINT_URL=IMPRINT)
    Recipient.objects.mail(link_to(recorded_file(alice)), [Person("ann@example.com")], by=alice)
    run_tasks()
    [message] = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    assert "sent by Bells & Whistles at" in message.body
    assert f"Imprint: {IMPRINT}" in str(message.body).splitlines()
    assert "sent by Bells &amp; Whistles at" in html
    assert '<a href="https://example.com/imprint?a=1&amp;b=2">Imprint</a>' in html
    assert "Waybill" not in message.body


@pytest.mark.django_db
def test_mails_about_accounts_come_from_it(client: Client, alice: User, settings: LazySettings) -> None:
    change(SITE_NAME=NAME)

    def sender() -> str:
        mail.outbox.clear()
        client.post(reverse("account_reset_password"), {"email": alice.email})
        return parseaddr(mail.outbox[0].from_email)[0]

    assert sender() == NAME
    settings.ENVIRONMENT = read_environment(MAIL_FROM="Post <post@example.com>")
    settings.DEFAULT_FROM_EMAIL = "Post <post@example.com>"
    assert sender() == "Post"


@pytest.mark.django_db
def test_a_phone_shows_it_on_its_home_screen(client: Client) -> None:
    change(SITE_NAME=NAME)
    assert client.get(reverse("manifest")).json()["name"] == NAME


def test_the_pages_that_the_operator_names_are_at_every_foot(client: Client, alice_client: Client) -> None:
    pages = [(client, reverse("account_login")), (alice_client, reverse("dashboard"))]
    assert not [path for person, path in pages if "site-links" in person.get(path).content.decode()]
    change(ABUSE_URL="https://example.com/abuse", PRIVACY_URL="https://example.com/privacy")
    for person, path in pages:
        html = person.get(path).content.decode()
        assert html.index(">Privacy</a>") < html.index(">Report abuse</a>")


@pytest.mark.django_db
def test_the_greeting_is_text_above_the_form(client: Client) -> None:
    change(GREETING="Ask <b>Carol</b>\nfor an account.")
    html = client.get(reverse("account_login")).content.decode()
    assert "<p>Ask &lt;b&gt;Carol&lt;/b&gt;<br>for an account.</p>" in html
    assert html.index("for an account.") < html.index('name="login"')
