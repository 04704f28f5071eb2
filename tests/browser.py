"""A real Chromium, driven by Playwright, and axe for accessibility. `make test` installs it (.ci/chromium)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

PROGRAM = "chromium"
WIDTHS = (1440, 768, 390)
SCHEMES = ("light", "dark")
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the system.

    Raises:
        FileNotFoundError: there is none; a test that cannot run fails, it is not skipped.
    """
    path = shutil.which(PROGRAM)
    if path is None:
        raise FileNotFoundError("chromium is missing; `make test` installs it, or type: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA: rule, impact and where."""
    found: Any = Axe().run(page, options=_RULES).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:120]}" for one in found]


def overflows(page: Page) -> int:
    """Pixels by which the page is wider than the window: nobody should scroll sideways (WCAG 2.2, 1.4.10)."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
