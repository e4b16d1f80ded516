"""Looking at a file before it is downloaded: straight from the bucket, never active, and never where it would cost."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.accounts.models import User
from sharing.audit.models import Event
from sharing.files.models import File
from sharing.links.models import Download, Link
from tests.bucket_client import fetch
from tests.factories import kept_file, link_to, sent_file

pytestmark = pytest.mark.django_db


def address(link: Link, file: File) -> str:
    return reverse("landing_preview", args=[link.token, file.pk])


def claimed(file: File, content_type: str) -> File:
    """As if the uploader had claimed that type."""
    file.content_type = content_type
    file.save(update_fields=["content_type"])
    return file


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    ("name", "claim", "shown_as"),
    [
        ("a.png", "image/png", "image/png"),
        ("a.png", "IMAGE/PNG; x=<script>", "image/png"),
        ("a.wav", "audio/x-wav", "audio/wav"),
        ("a.pdf", "application/pdf", "application/pdf"),
        ("a.md", "application/octet-stream", "text/plain; charset=utf-8"),
        ("a.html", "text/html", "text/plain; charset=utf-8"),
        ("a.xml", "text/xml", "text/plain; charset=utf-8"),
        ("a.js", "text/javascript", "text/plain; charset=utf-8"),
        # The system of the sender has another word for it, or none.
        ("a.m4a", "audio/x-m4a", "audio/mp4"),
        ("a.m4a", "", "audio/mp4"),
        ("voice", "audio/x-m4a", "audio/mp4"),
        ("a.mov", "video/quicktime", "video/mp4"),
        ("a.MOV", "application/octet-stream", "video/mp4"),
        ("a.aac", "audio/vnd.dlna.adts", "audio/aac"),
        ("a.mkv", "video/x-matroska", "video/x-matroska"),
        ("a.mkv", "application/octet-stream", "video/x-matroska"),
        ("a.mp4", "application/mp4", "video/mp4"),
        ("a.opus", "", "audio/ogg"),
        ("a.heic", "application/octet-stream", "image/heic"),
        ("a.heif", "image/heif", "image/heic"),
        ("a.jpg", "image/jpg", "image/jpeg"),
        ("a.jpg", "text/plain", "image/jpeg"),
        ("a.pdf", "application/x-download", "application/pdf"),
        ("a.csv", "application/vnd.ms-excel", "text/plain; charset=utf-8"),
        ("a.json", "application/geo+json", "text/plain; charset=utf-8"),
        ("a.log", "text/x-log", "text/plain; charset=utf-8"),
        ("a.ts", "video/mp2t", "text/plain; charset=utf-8"),
        ("README", "application/octet-stream", "text/plain; charset=utf-8"),
    ],
)
def test_the_bucket_shows_it_as_a_type_of_ours(
    alice: User, visitor: Client, name: str, claim: str, shown_as: str
) -> None:
    file = claimed(sent_file(alice, b"<script>alert(1)</script>", name=name), claim)
    answer = visitor.get(address(link_to(file), file))
    assert (answer.status_code, answer["Cache-Control"]) == (303, "no-store")
    shown = fetch(answer["Location"])
    assert shown.data == b"<script>alert(1)</script>"
    assert shown.headers["Content-Type"] == shown_as
    assert shown.headers["Content-Disposition"].startswith(f'inline; filename="{name}"')


def test_a_reader_is_told_what_it_is_and_not_what_its_sender_called_it(alice: User, visitor: Client) -> None:
    film = claimed(kept_file(alice, name="holiday.mov"), "application/octet-stream")
    assert "Video" in visitor.get(link_to(film).url).content.decode()


def test_an_empty_file_is_shown_as_an_empty_text(alice: User) -> None:
    for name in ("a.pdf", "a.png", "a.mov"):
        file = kept_file(alice, name=name, size=0)
        assert file.preview_type == "text/plain; charset=utf-8"
        # But it is told as what its name says.
        assert not file.media_type.startswith("text/")
    assert claimed(kept_file(alice, name="a.zip", size=0), "application/zip").preview_type == ""


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/svg+xml"),
        ("a.html", "application/xhtml+xml"),
        ("a.xml", "application/xml"),
        ("a.html", "application/octet-stream"),
        ("a.pdf", "multipart/x-mixed-replace"),
        ("a.zip", "application/zip"),
        ("a.jpg", "application/atom+xml"),
        ("a.svg", "application/octet-stream"),
        ("a.xhtml", ""),
        (".pdf", "application/octet-stream"),
    ],
)
def test_what_could_be_active_is_only_downloaded(
    alice: User, alice_client: Client, visitor: Client, name: str, claim: str
) -> None:
    file = claimed(kept_file(alice, name=name), claim)
    link = link_to(file)
    assert visitor.get(address(link, file)).status_code == 409
    assert "/preview/" not in visitor.get(link.url).content.decode()
    assert alice_client.get(reverse("file_preview", args=[file.pk])).status_code == 404


def test_a_text_too_long_for_a_tab_is_only_downloaded(alice: User, visitor: Client) -> None:
    file = kept_file(alice, size=2 * 1024 * 1024 + 1)
    assert visitor.get(address(link_to(file), file)).status_code == 409


def test_looking_spends_nothing_and_is_a_view(alice: User, visitor: Client) -> None:
    file = kept_file(alice)
    link = link_to(file)
    assert [visitor.head(address(link, file)).status_code, visitor.get(address(link, file)).status_code] == [
        303,
        303,
    ]
    link.refresh_from_db()
    assert (link.view_count, Download.objects.count(), link.items.get().download_count) == (1, 0, 0)
    assert visitor.post(address(link, file)).status_code == 405


@pytest.mark.parametrize(
    "rules", [{"download_limit": 3}, {"previews_allowed": False}, {"revoked_at": timezone.now()}]
)
def test_a_link_that_counts_or_forbids_or_has_ended_shows_nothing(
    alice: User, visitor: Client, rules: dict[str, Any]
) -> None:
    file = kept_file(alice)
    link = link_to(file)
    Link.objects.filter(pk=link.pk).update(**rules)
    assert visitor.get(address(link, file)).status_code in {409, 410}
    assert "/preview/" not in visitor.get(link.url).content.decode()


def test_a_password_is_asked_for_first(alice: User, visitor: Client) -> None:
    file = kept_file(alice)
    link = link_to(file, password="open sesame")
    assert visitor.get(address(link, file)).status_code == 403
    visitor.post(link.url, {"password": "open sesame"})
    assert visitor.get(address(link, file)).status_code == 303


def test_a_link_shows_its_own_files_alone(alice: User, visitor: Client) -> None:
    link = link_to(kept_file(alice))
    assert visitor.get(address(link, kept_file(alice, name="other.txt"))).status_code == 404


def test_no_page_holds_a_signed_address(alice: User, visitor: Client) -> None:
    file = kept_file(alice)
    page = visitor.get(link_to(file).url).content.decode()
    assert f"/files/{file.pk}/preview/" in page
    assert "X-Amz" not in page


def test_the_owner_stops_previews_and_allows_them_again(
    alice: User, alice_client: Client, visitor: Client
) -> None:
    file = kept_file(alice)
    link = link_to(file)
    change = reverse("link_settings", args=[link.public_id])
    alice_client.post(change, {"previews": "off"})
    alice_client.post(change, {"previews": "off"})
    assert visitor.get(address(link, file)).status_code == 409
    alice_client.post(change, {"previews": "on"})
    assert visitor.get(address(link, file)).status_code == 303
    actions = Event.objects.filter(subject_type="link", action__contains="previews").order_by("pk")
    assert [event.action for event in actions] == ["link.previews_stopped", "link.previews_allowed"]


def test_the_owner_looks_at_a_file(alice: User, alice_client: Client) -> None:
    file = kept_file(alice)
    assert "inline" in alice_client.get(reverse("file_preview", args=[file.pk]))["Location"]


def test_a_name_stays_a_name_in_what_the_script_reads(alice: User, visitor: Client) -> None:
    file = kept_file(alice, name='"><b x="\N{RIGHT-TO-LEFT OVERRIDE}.txt')
    page = visitor.get(link_to(file).url).content.decode()
    assert 'data-name="&quot;&gt;&lt;b x=&quot;[U+202E].txt"' in page


def test_pages_frame_nobody_but_the_bucket(alice: User, visitor: Client, settings: LazySettings) -> None:
    policy = visitor.get(link_to(kept_file(alice)).url)["Content-Security-Policy"]
    assert f"frame-src 'self' {settings.BUCKET.public_origin};" in policy


def test_search_engines_are_kept_from_links(visitor: Client) -> None:
    assert b"Disallow: /s/" in visitor.get("/robots.txt").content
