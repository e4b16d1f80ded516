"""Break-ins into links of other products, each tried here."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Download, Link
from tests.bucket_client import fetch
from tests.factories import link_to, recorded_file, sent_file

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


def download(link: Link, file: File) -> str:
    return reverse("landing_download", args=[link.token, file.pk])


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    ("name", "content_type"), [("page.html", "text/html"), ("drawing.svg", "image/svg+xml")]
)
def test_active_content_is_never_served_inline(
    alice: User, visitor: Client, name: str, content_type: str
) -> None:
    """Gokapi, CVE-2026-28683 and CVE-2025-48494: SVG and HTML ran on the product's own origin."""
    file = sent_file(alice, SCRIPT.encode(), name=name)
    File.objects.filter(pk=file.pk).update(content_type=content_type)
    answer = fetch(visitor.post(download(link_to(file), file))["Location"])
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"alert" not in visitor.get(link_to(file).url).content


@pytest.mark.parametrize("field", ["name", "path", "title", "message", "owner"])
def test_script_in_whatever_a_sender_writes_is_text(alice: User, visitor: Client, field: str) -> None:
    """Gokapi, CVE-2025-48495: a file's name ran as script."""
    if field == "owner":
        alice.name = SCRIPT
        alice.save()
    file = recorded_file(
        alice, name=SCRIPT if field == "name" else "a.txt", path=SCRIPT if field == "path" else ""
    )
    words: dict[str, Any] = {field: SCRIPT} if field in {"title", "message"} else {}
    page = visitor.get(link_to(file, recorded_file(alice), **words).url).content.decode()
    assert SCRIPT not in page
    assert "alert(1)" in page


def test_script_in_an_address_is_not_reflected(alice: User, visitor: Client) -> None:
    """copyparty, CVE-2023-38501: reflected script and headers."""
    link = link_to(recorded_file(alice))
    for part in (SCRIPT, "\r\nSet-Cookie: a=b", '"onload="alert(1)'):
        for address in (f"{part}-{link.token}", part):
            answer = visitor.get(f"/s/{quote(address, safe='')}/")
            assert answer.status_code in {302, 404}
            assert "alert(1)" not in answer.content.decode()
            assert "a" not in answer.cookies


def test_a_new_file_of_the_same_name_is_not_in_an_old_link(alice: User, visitor: Client) -> None:
    """copyparty #960 and CVE-2025-58753: a share granted siblings, and what came later under its name."""
    old = recorded_file(alice, name="plan.pdf", path="work")
    link = link_to(old)
    new = recorded_file(alice, name="plan.pdf", path="work")
    assert visitor.post(download(link, new)).status_code == 404
    old.delete_by(alice)
    assert visitor.post(download(link, new)).status_code == 410
    assert visitor.get(link.url).status_code == 410
    assert not Download.objects.exists()


def test_nobody_else_can_revoke_or_change_a_link(alice: User, bob_client: Client) -> None:
    """filebrowser, CVE-2025-64523: who did not own a share deleted it."""
    link = link_to(recorded_file(alice))
    for name in ("link_revocation", "link_settings", "link_extension", "link_recipients"):
        assert bob_client.post(reverse(name, args=[link.public_id])).status_code == 404
    assert Link.objects.get().revoked_at is None


def test_links_do_not_survive_their_owner_s_suspension(alice: User, carol: User, visitor: Client) -> None:
    """filebrowser, CVE-2026-35604."""
    file = recorded_file(alice)
    link = link_to(file)
    alice.suspend(by=carol)
    assert visitor.get(link.url).status_code == 410
    assert visitor.post(download(link, file)).status_code == 410


def test_an_owner_sees_every_link_to_a_file(alice: User, alice_client: Client) -> None:
    """Nextcloud, CVE-2026-45285: a link that its owner could not see."""
    file = recorded_file(alice)
    links = [link_to(file), link_to(recorded_file(alice), file), link_to(file, expires_in=None)]
    links[0].revoke(by=alice)
    pages = [alice_client.get(address).content.decode() for address in (file.get_absolute_url(), "/")]
    for page in pages:
        assert all(link.get_absolute_url() in page for link in links)


def test_the_address_in_a_mail_cannot_lead_elsewhere(alice: User, alice_client: Client) -> None:
    """Pingvin: an open redirect. Where a button leads back to is ours."""
    link = link_to(recorded_file(alice))
    answer = alice_client.post(
        reverse("link_extension", args=[link.public_id]), {"next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == link.get_absolute_url()
