"""Check pages with axe in light and dark themes, and for sideways scrolling on narrow screens."""

import os
import re
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page

WIDE, NARROW = 1280, 360
# 1,280 pixels at a zoom of 400 %: WCAG 2.2, 1.4.10.
NARROWEST = 320
HEIGHT = 900
# A folder for pictures of all that is looked at, so that a person can look, too.
SCREENSHOTS = os.environ.get("SCREENSHOTS")

# Axe loads style sheets for one rule alone, which is experimental and does not run. Of those that others import it
# would make inline styles, which the policy refuses.
# 24 pixels (WCAG 2.2, 2.5.8) is a rule that axe leaves out unless it is asked for.
AXE = """async (rules) => {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  const options = rules ? { runOnly: rules } : { rules: { "target-size": { enabled: true } } };
  const { violations } = await axe.run({ ...options, preload: false, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}\n${node.failureSummary}`));
}"""
# The theme and the width change these; all other rules are about the document alone.
AXE_AGAIN = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]

WIDER_THAN_THE_WINDOW = """() => {
  if (document.scrollingElement.scrollWidth <= innerWidth) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => element.outerHTML.slice(0, 120)).slice(0, 5).concat("(sideways scrolling)");
}"""

# A label or a link leads to the first of them alone; axe looks for those that ARIA refers to, and no others.
SAME_ID = """() => [...document.querySelectorAll("[id]")].map(({ id }) => id)
  .filter((id, index, ids) => ids.indexOf(id) !== index).map((id) => `two with the id ${id}`)"""


class PageChecker:
    """Opens and checks pages. Collects in `findings` what is wrong with them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.findings: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self._note("script", str(error)))

    def open(self, path: str, *, status: int = 200) -> None:
        """Open this page, expect this status, and check it."""
        answer = self.page.goto(path)
        assert answer is not None
        if answer.status != status:
            self._note("status", f"{answer.status} instead of {status}")
        self.check(path)

    def check(self, name: str) -> None:
        """Check the open page: wide and light, then narrow and dark."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        self._note_all(f"{name}, light", self.page.evaluate(AXE, None))
        self._note_all(name, self.page.evaluate(SAME_ID))
        self._show(NARROWEST, "dark")
        self._note_all(f"{name}, dark and narrow", self.page.evaluate(AXE, AXE_AGAIN))
        self._note_all(f"{name}, {NARROWEST} wide", self.page.evaluate(WIDER_THAN_THE_WINDOW))
        if SCREENSHOTS:
            self._keep_pictures(Path(SCREENSHOTS), name)
        self._show(WIDE, "light")

    def _keep_pictures(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        number = len(list(folder.glob("*-360-dark.png"))) + 1
        stem = f"{number:03}{re.sub('[^a-z0-9]+', '-', name.lower())[:60]}"
        for width, scheme in ((WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")):
            self._show(width, scheme)
            self.page.screenshot(path=folder / f"{stem}-{width}-{scheme}.png", full_page=True)

    def _show(self, width: int, scheme: str) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    def _listen(self, message: ConsoleMessage) -> None:
        # That an answer was not 200 is logged as an error, too; `open` compares the status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._note("console", message.text)

    def _note_all(self, where: str, findings: list[str]) -> None:
        for finding in findings:
            self.findings.append(f"{where}: {finding}")

    def _note(self, what: str, finding: str) -> None:
        self._note_all(f"{self.page.url}, {what}", [finding])
