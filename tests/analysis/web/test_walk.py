"""The page in a real Chromium: what a PR person does on it, and what must not happen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import openpyxl
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from tests.analysis.web.conftest import BAD, EVIL, Served, serving, store
from tests.browser import WIDTHS, chromium, overflows, violations

PAGES = ("/", "/trends", "/share", "/stories", "/mentions", "/outlets", "/sources", "/runs", "/watchlist", "/nothing")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of this file."""
    with chromium() as found:
        yield found


def opened(browser: Browser, width: int = 1440, scheme: str = "light") -> Page:
    """A page of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True,  # type: ignore[arg-type]
    )  # fmt: skip
    return context.new_page()


@pytest.mark.parametrize(("width", "scheme"), [*((width, "light") for width in WIDTHS), (WIDTHS[0], "dark")])
def test_nothing_hinders_anybody(browser: Browser, served: Served, width: int, scheme: str) -> None:
    """axe finds nothing on any page, and nobody scrolls sideways; sizes follow the width, contrast the scheme."""
    tab = opened(browser, width, scheme)
    story = BeautifulSoup(served.ask("/stories").text, "lxml").select_one("ol.stories a")
    assert story is not None
    for path in (*PAGES, str(story["href"]), f"/mentions/{served.mention(BAD)}"):
        tab.goto(served.address + path)
        assert violations(tab) == [], path
        assert overflows(tab) == 0, path
    tab.context.close()


def test_from_a_column_to_a_sentence_to_a_correction_and_back(browser: Browser, tmp_path: Path) -> None:
    """Open, filter, click a bar, read the sentence, correct it, see figure and chart change, export."""
    with serving(store(tmp_path)) as served:
        tab = opened(browser)
        tab.goto(served.address)
        assert tab.inner_text("h1") == "Acme in the press"
        tab.click("nav >> text=Trends")
        tab.select_option("select[name=brand]", "acme")
        tab.click("text=Show")
        before = tab.inner_text("tbody tr >> nth=0")
        tab.locator(".broad svg a").last.click()
        assert "since=2026-03-10&until=2026-03-10" in tab.url
        tab.click(f"text={BAD} >> nth=0")
        assert tab.inner_text("h1 mark") == "Acme"
        assert "VADER and the word pack" in tab.inner_text("#why")
        assert tab.locator("input[name=label]").count() == 4  # pos, neu, neg, mixed: as `presswatch correct`
        tab.check("input[value=pos]")
        tab.fill("input[name=why]", "The outage was the rival's.")
        tab.fill("input[name=who]", "Ana")
        tab.click("button >> text=Correct")
        assert "Corrected." in tab.inner_text("[role=status]")
        assert "corrected" in tab.inner_text("main >> p >> nth=1")
        assert "Ana: neg -> pos, because The outage was the rival's." in tab.inner_text("#why")
        tab.goto(f"{served.address}/trends?brand=acme")
        assert tab.inner_text("tbody tr >> nth=0") != before
        assert "0 negative" not in (tab.locator(".broad svg a title").last.text_content() or "")
        tab.goto(served.address)
        assert BAD in tab.inner_text("#corrections")
        tab.goto(f"{served.address}/mentions?search=credit&brand=acme")
        with tab.expect_download() as got:
            tab.click(".exports >> text=csv")
        rows = list(csv.DictReader(io.StringIO(Path(got.value.path()).read_text("utf8"))))
        assert {row["sentence"] for row in rows} == {"Acme gave every customer a credit."}
        tab.context.close()


@pytest.mark.parametrize("query", ["since=2026-03-05", "until=2026-03-05", "since=2026-09-01", "until=1600-01-01"])
@pytest.mark.parametrize("path", ["/", "/trends"])
def test_one_end_of_the_time_is_enough(served: Served, path: str, query: str) -> None:
    """Also before and after all coverage."""
    assert served.ask(f"{path}?{query}").status == 200


def test_scraped_text_can_do_nothing(browser: Browser, served: Served) -> None:
    """It stands there as text, in no page with a script, and leads nowhere."""
    tab = opened(browser)
    said: list[str] = []
    tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for path in ("/", "/stories", "/mentions?search=alert", f"/mentions/{served.mention(EVIL)}"):
        tab.goto(served.address + path)
        assert EVIL in tab.inner_text("body"), path
        assert tab.locator("script, iframe, img, object, [onerror], [onclick]").count() == 0
        assert tab.locator("a[href^='javascript:']").count() == 0
    assert said == []
    tab.context.close()


def test_it_needs_no_script_and_asks_nobody_else(browser: Browser, served: Served) -> None:
    tab = browser.new_context(java_script_enabled=False).new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        tab.goto(served.address + path)
    assert all(url.startswith((served.address, "data:font/")) for url in asked)
    assert tab.locator("h1").count() == 1
    tab.context.close()


def test_exports_hold_what_the_page_shows(served: Served, tmp_path: Path) -> None:
    """All rows of the filter in each format; text that a spreadsheet would compute stays text."""
    reply = served.ask("/export/mentions.csv?brand=bolt&sort=published:asc")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert len(rows) == 30
    assert {row["brand"] for row in rows} == {"bolt"}
    assert [row["published"] for row in rows] == sorted(row["published"] for row in rows)
    assert len(served.ask("/export/mentions.jsonl?brand=bolt").text.splitlines()) == 30
    sheet = tmp_path / "rows.xlsx"
    sheet.write_bytes(download(served, "/export/stories.xlsx"))
    heading = [cell.value for cell in next(openpyxl.load_workbook(sheet).active.iter_rows(max_row=1))]
    assert heading[:3] == ["story", "first", "first_outlet"]


def download(served: Served, path: str) -> bytes:
    """The bytes of a file."""
    with urlopen(served.address + path, timeout=60) as answer:
        return bytes(answer.read())


@pytest.mark.parametrize("path", ["/", "/trends", "/trends?by=week", "/share", "/outlets"])
def test_every_number_leads_to_its_sentences(served: Served, path: str) -> None:
    """Those of its brand, outlet, tier and days, as many as it counts where it counts sentences."""
    page = BeautifulSoup(served.ask(path).text, "lxml")
    numbers = [cell for cell in page.select("td.n") if any(letter.isdigit() for letter in cell.text)]
    numbers = [cell for cell in numbers if path != "/outlets" or cell is not cell.parent.select("td.n")[0]]  # a tier
    assert numbers
    for cell in numbers:
        link = cell.select_one("a[href^='/mentions?'], a[href^='/stories?']")
        assert link is not None, cell
    first = next(row for row in page.select("tbody tr") if row.select("a[href^='/mentions?']"))
    link = first.select_one("a[href^='/mentions?']")
    assert link is not None
    assert BeautifulSoup(served.ask(str(link["href"])).text, "lxml").select("ol.sentences li")


def test_rows_come_in_pages_and_sorted(served: Served) -> None:
    """62 sentences: fifty, then twelve; largest first."""
    first = BeautifulSoup(served.ask("/mentions?sort=tone").text, "lxml")
    second = BeautifulSoup(served.ask("/mentions?sort=tone&page=2").text, "lxml")

    assert [len(one.select("ol.sentences li")) for one in (first, second)] == [50, 12]
    assert first.select_one("a[rel=next]") is not None
    assert second.select_one("a[rel=next]") is None
    assert "Acme said once." in second.select("ol.sentences li")[-1].text
