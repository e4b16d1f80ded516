"""The browser that tests and measurements drive."""

import os
import shutil

ADVICE = "There is no Chromium on this machine: install it, or name one in CHROMIUM."
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The same engine without anything that draws a window: it takes half of the CPU.
HEADLESS_SHELL = "chromium-headless-shell"


def find_chromium(*, may_be_shell: bool = False) -> str | None:
    """Return the path of the Chromium that CHROMIUM names, else of the system's; None if there is none."""
    shells = (HEADLESS_SHELL,) if may_be_shell else ()
    names = (os.environ.get("CHROMIUM"), *shells, *BROWSERS)
    return next((path for name in names if name and (path := shutil.which(name))), None)
