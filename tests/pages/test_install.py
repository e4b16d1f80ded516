"""The site among a browser's apps and bookmarks."""

from django.contrib.staticfiles import finders
from django.test import Client


def test_a_browser_can_install_it(visitor: Client) -> None:
    answer = visitor.get("/manifest.webmanifest")
    manifest = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (manifest["start_url"], manifest["display"], manifest["lang"]) == ("/", "standalone", "en")
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon["src"]


def test_every_page_names_the_manifest_and_its_icons(visitor: Client) -> None:
    page = visitor.get("/accounts/login/").content.decode()
    for part in (
        'rel="manifest" href="/manifest.webmanifest"',
        'rel="apple-touch-icon"',
        'name="theme-color"',
    ):
        assert part in page


def test_who_asks_for_the_old_address_of_the_icon_gets_it(visitor: Client) -> None:
    answer = visitor.get("/favicon.ico")
    assert answer.status_code == 302
    assert finders.find(answer["Location"].removeprefix("/static/"))
