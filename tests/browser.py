"""The browser that tests and measurements drive."""

import os
import shutil

ADVICE = "There is no Chromium on this machine: install it, or name one in CHROMIUM."


def find_chromium() -> str | None:
    """Where the system's Chromium is, or the one that CHROMIUM names; None if there is none."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)
