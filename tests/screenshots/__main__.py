"""Renew the README's pictures, from an instance in a home that is thrown away.

The dashboard and a link's page, in light and dark. The files are sent by the browser, as a sender would.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser import ADVICE, find_chromium
from tests.runtime.instance import Instance, own_environment, running
from tests.screenshots.scene import DOCUMENTS, EMAIL, PASSWORD, PHOTOS

IMAGES = settings.BASE_DIR / "docs" / "images"
SIZE = ViewportSize(width=1280, height=860)
UPLOAD_MS = 60_000


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="waybill-screenshots-") as name:
        folder = Path(name)
        instance = Instance(folder / "home")
        with running(instance), sync_playwright() as playwright:
            _inside(instance, "account")
            browser = playwright.chromium.launch(executable_path=find_chromium() or sys.exit(ADVICE))
            _send_files(browser, instance.url, folder)
            link = _inside(instance, "links")
            for scheme in ("light", "dark"):
                context = browser.new_context(base_url=instance.url, viewport=SIZE, color_scheme=scheme)
                _sign_in(context)
                _take(context, "/", IMAGES / f"dashboard-{scheme}.png")
                context.clear_cookies()
                _take(context, link, IMAGES / f"link-{scheme}.png")


def _inside(instance: Instance, what: str) -> str:
    """Have `what` made in a process with the instance's settings. Return its last line."""
    ports = {"PORT": str(instance.port), "BUCKET_PORT": str(instance.bucket_port)}
    environment = own_environment(instance.home, **ports, DJANGO_SETTINGS_MODULE="sharing.settings")
    words = [sys.executable, "-m", "tests.screenshots.inside", what]
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.rstrip().rpartition("\n")[2]


def _send_files(browser: Browser, url: str, folder: Path) -> None:
    """Make the files in `folder`, and send them on the dashboard."""
    context = browser.new_context(base_url=url, viewport=SIZE)
    painter = context.new_page()
    for name, style in PHOTOS.items():
        painter.set_content(f'<body style="margin: 0; height: 100vh; background: {style}">')
        painter.screenshot(path=folder / name, type="jpeg")
    for name, size in DOCUMENTS.items():
        (folder / name).write_bytes(bytes(size))
    page = _sign_in(context)
    names = [*PHOTOS, *DOCUMENTS]
    page.locator("file-drop input[type=file]").first.set_input_files([folder / name for name in names])
    expect(page.locator("#files tbody tr")).to_have_count(len(names), timeout=UPLOAD_MS)
    # Thumbnails go after the files.
    while page.locator("#files tbody img").count() < len(PHOTOS):
        page.wait_for_timeout(500)
        page.reload()
    context.close()


def _sign_in(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("/")
    return page


def _take(context: BrowserContext, path: str, image: Path) -> None:
    page = context.new_page()
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=image)
    page.close()


if __name__ == "__main__":
    main()
