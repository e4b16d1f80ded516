"""Thumbnails of the pictures that a person sends."""

from playwright.sync_api import Page, expect

from sharing.files.models import File
from tests.e2e.conftest import MakeFile
from tests.e2e.upload_page import choose, expect_state, row_of


def test_a_picture_is_seen_in_the_list_and_nothing_is_asked_for_other_files(
    dashboard: Page, make_file: MakeFile
) -> None:
    asked: list[str] = []
    dashboard.on("request", lambda request: asked.append(request.url) if "thumbnail" in request.url else None)
    choose(dashboard, make_file("few.txt", b"hello"))
    expect(dashboard.locator("#files")).to_contain_text("few.txt")
    assert asked == []
    for name, body in (("broken.png", b"no picture"), ("beach.png", dashboard.screenshot())):
        choose(dashboard, make_file(name, body))
        expect_state(row_of(dashboard, name), "ready")
    thumbnails = dashboard.locator("#files img")
    expect(thumbnails).to_have_count(1)
    dashboard.reload()
    expect(thumbnails).to_have_count(1)
    expect(dashboard.locator("#files tr", has=dashboard.locator("img"))).to_contain_text("beach.png")
    size = thumbnails.evaluate(
        "async (image) => (await image.decode(), [image.naturalWidth, image.naturalHeight])"
    )
    assert size == [256, 144]
    beach = File.objects.get(has_thumbnail=True)
    calls = [url for url in asked if "/api/" in url]
    assert len(calls) == 2
    assert all(str(beach.pk) in url for url in calls)
