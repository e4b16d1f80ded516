"""A link that is opened inside of another app: a low window, nothing may be stored, and there is no second window."""

import pytest
from playwright.sync_api import Browser, expect

from sharing.accounts.models import User
from tests.factories import link_to, sent_file

LOCKED_DOWN = """
const refuse = () => { throw new DOMException("Not in this app.", "SecurityError"); };
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
  Object.defineProperty(window, name, { get: refuse });
}
Object.defineProperty(Navigator.prototype, "serviceWorker", { get: refuse });
window.open = refuse;
"""


@pytest.mark.parametrize(
    "names", [["plan.txt"], ["1 plan.txt", *[f"{number} more.txt" for number in range(2, 9)]]]
)
def test_files_are_looked_at_and_fetched(browser: Browser, site: str, alice: User, names: list[str]) -> None:
    context = browser.new_context(
        base_url=site, viewport={"width": 360, "height": 560}, has_touch=True, is_mobile=True
    )
    context.add_init_script(LOCKED_DOWN)
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    link = link_to(*(sent_file(alice, b"hello", name=name) for name in names), message="As promised. " * 20)
    page.goto(link.path_by(link.token))
    main = page.locator(".button.large")
    expect(main).to_be_in_viewport(ratio=1)
    if len(names) > 1:
        main.tap()
        expect(page.get_by_text("Download the files one by one")).to_be_in_viewport()
    page.get_by_role("link", name="Preview").first.tap()
    shown = page.get_by_role("dialog")
    expect(shown.get_by_role("region")).to_have_text("hello")
    expect(shown.get_by_role("button", name="Download")).to_be_in_viewport(ratio=1)
    shown.get_by_role("button", name="Close").tap()
    with page.expect_download() as started:
        page.get_by_role("button", name=f"Download {names[0]}" if len(names) > 1 else "Download").tap()
    assert (started.value.path().read_bytes(), thrown) == (b"hello", [])
    context.close()
