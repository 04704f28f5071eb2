"""The report in a real Chromium: read, stepped through, narrow, dark, without script and without a network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.analysis.press import NOON, article, mention, page
from tests.analysis.report.conftest import answers, maker
from tests.browser import SCHEMES, WIDTHS, chromium, overflows, violations


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report with stories, copies, rivals, and a source that failed."""
    folder, day = tmp_path_factory.mktemp("browser"), timedelta(days=1)
    stories = [
        article(
            n,
            mention(tone=0.8 if n % 3 else -0.6, placement="headline"),
            mention("bolt", 0.1),
            published=NOON - n % 9 * day,
        )
        for n in range(14)
    ]
    maker(folder)(*map(page, stories), *answers(without="ledger"), formats=("html",))
    return (folder / "out" / "presswatch-2026-03-10.html").as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of this file."""
    with chromium() as found:
        yield found


def opened(browser: Browser, address: str, *, width: int = 1440, scheme: str = "light") -> Page:
    """A page of its own."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    found = context.new_page()
    found.goto(address)
    return found


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_hinders_anybody(browser: Browser, report: str, width: int, scheme: str) -> None:
    """axe finds nothing, and nobody scrolls sideways."""
    tab = opened(browser, report, width=width, scheme=scheme)

    assert violations(tab) == []
    assert overflows(tab) == 0
    tab.context.close()


def test_it_needs_neither_script_nor_network(browser: Browser, report: str) -> None:
    """Opened years later, from a disc: one request, no message on the console."""
    tab = browser.new_context(java_script_enabled=False).new_page()
    asked: list[Request] = []
    complaints: list[str] = []

    def keep(one: Request) -> None:
        asked.append(one)

    tab.on("request", keep)
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(report)
    loaded = [one.url for one in asked if not one.url.startswith("data:")]

    assert tab.locator("#line").inner_text().startswith("BOTTOM LINE")
    assert loaded == [report]
    assert complaints == []
    tab.context.close()


def test_figures_and_columns_lead_to_their_rows(browser: Browser, report: str) -> None:
    """A click on a figure, one on a column of the chart; the filter of the annex, by keyboard."""
    tab = opened(browser, report)
    tab.get_by_role("list", name="Key figures").get_by_role("link", name="14").first.click()
    tab.wait_for_url("**#rows-stories")
    assert tab.locator("#rows-stories tbody tr").count() == 14

    tab.locator("#volume figure").first.locator(".broad svg a").last.click()
    tab.wait_for_url("**#day-2026-03-10")
    assert tab.locator("#day-2026-03-10").is_visible()

    every = tab.locator("tr.clip:visible").count()
    tab.get_by_label("▼ negative").check()
    negative = tab.locator("tr.clip:visible").count()
    assert 0 < negative < every
    assert tab.locator("tr.clip:visible .tone.neg").count() == negative
    tab.context.close()


def test_keyboard(browser: Browser, report: str) -> None:
    """The first stop skips to the bottom line; columns of the chart can be reached and show where one is."""
    tab = opened(browser, report)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "To the bottom line"
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#line")
    tab.locator("#volume .broad svg a").first.focus()
    assert tab.evaluate("getComputedStyle(document.activeElement.querySelector('.hit')).strokeWidth") == "2px"
    tab.context.close()


def test_the_narrow_drawing_replaces_the_wide_one(browser: Browser, report: str) -> None:
    tab = opened(browser, report, width=390)

    assert tab.locator("#volume .narrow svg").first.is_visible()
    assert not tab.locator("#volume .broad svg").first.is_visible()
    tab.context.close()


def test_paper(browser: Browser, report: str, tmp_path: Path) -> None:
    """Printed from the browser: light, without what can only be clicked."""
    tab = opened(browser, report, scheme="dark")
    tab.emulate_media(media="print")

    assert not tab.locator("#rows").is_visible()
    assert not tab.locator("#sentences").is_visible()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    tab.context.close()
