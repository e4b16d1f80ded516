"""A browser that lacks, refuses or never answers what a page may do without: files arrive all the same."""

import pytest
from playwright.sync_api import Page, expect

from sharing.files.models import File
from tests.e2e.conftest import MakeFile
from tests.e2e.upload_page import MIB, choose, expect_state, row_of

pytestmark = pytest.mark.slow

REFUSED = "throw new DOMException('Refused.', 'SecurityError')"
LACKING = {
    **{
        f"no {name}": f"Object.defineProperty(globalThis, '{name}', {{ value: undefined }})"
        for name in (
            "BroadcastChannel",
            "ClipboardItem",
            "CompressionStream",
            "OffscreenCanvas",
            "Worker",
            "indexedDB",
            "localStorage",
            "requestIdleCallback",
            "scheduler",
            "sessionStorage",
            "showOpenFilePicker",
            "structuredClone",
        )
    },
    "no crypto.subtle": "Object.defineProperty(crypto, 'subtle', { value: undefined })",
    "no crypto.randomUUID": "Object.defineProperty(crypto, 'randomUUID', { value: undefined })",
    "no navigator.clipboard": "Object.defineProperty(navigator, 'clipboard', { value: undefined })",
    "no navigator.locks": "Object.defineProperty(navigator, 'locks', { value: undefined })",
    "no navigator.storage": "Object.defineProperty(navigator, 'storage', { value: undefined })",
    "no Intl.Segmenter": "Object.defineProperty(Intl, 'Segmenter', { value: undefined })",
    "no AbortSignal.any": "AbortSignal.any = AbortSignal.timeout = undefined",
    "channel refused": f"BroadcastChannel = function () {{ {REFUSED} }}",
    "worker refused": f"Worker = function () {{ {REFUSED} }}",
    "storage refused": f"Object.defineProperty(globalThis, 'localStorage', {{ get() {{ {REFUSED} }} }})",
    "storage full": f"Storage.prototype.setItem = () => {{ {REFUSED} }}",
    "database refused": f"IDBFactory.prototype.open = () => {{ {REFUSED} }}",
    "database silent": "IDBFactory.prototype.open = () => new EventTarget()",
}


@pytest.mark.parametrize("script", LACKING.values(), ids=LACKING)
def test_files_arrive_without_what_only_helps(dashboard: Page, make_file: MakeFile, script: str) -> None:
    dashboard.add_init_script(script)
    dashboard.reload()
    dashboard.locator("file-drop:defined").wait_for()
    choose(dashboard, make_file("few.txt", b"hello"), make_file("film.mov", b"x" * 17 * MIB))
    expect_state(row_of(dashboard, "few.txt"), "ready")
    expect_state(row_of(dashboard, "film.mov"), "ready")
    assert File.objects.ready().count() == 2


def test_a_browser_that_cannot_send_is_told_so(dashboard: Page, complaints: list[str]) -> None:
    dashboard.add_init_script("EventTarget = function () { throw new Error('no events') }")
    dashboard.reload()
    expect(dashboard.get_by_role("alert")).to_contain_text(
        "This browser can't send files from this page (no events)"
    )
    complaints.clear()
