"""Scraped text in a report is text, whatever it looks like (faults.md, O1)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from analysis.design.figures import safe_url
from analysis.watchlist import loads
from tests.analysis.press import DOCUMENT, article, mention, page
from tests.analysis.report.conftest import BOTH, Made, Make, answers, maker

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "'><iframe src=javascript:alert(1)>",
    "</pre></details><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{ 7*7 }}{% raw %}",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/pixel.png)",
    "<javascript:alert(1)>",
    "`code` **bold** _it_ | cell | # head",
    "a\n\n<script>alert(1)</script>\n\nb",
    "http://evil.example/<b>",
    "\\<script>\\</script>",
]
ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://x.example/><script>alert(1)</script>",
    'http://x.example/"onmouseover="alert(1)',
    "http://x.example/a) [b](javascript:alert(1)",
    "http://[",
    "//evil.example/",
    "",
]
HARMFUL = [
    "script",
    "iframe",
    "object",
    "embed",
    "link",
    "base",
    "form",
    "img",
    "audio",
    "video",
    "meta[http-equiv=refresh]",
]


def inert(markup: str) -> BeautifulSoup:
    """The page as a browser's parser sees it, without a thing in it that runs, loads or leads astray."""
    found = BeautifulSoup(markup, "lxml")
    assert [tag.name for tag in found.select(", ".join(HARMFUL))] == []
    places = {str(tag["id"]) for tag in found.select("[id]")}
    for tag in found.find_all(True):
        assert [name for name in tag.attrs if name.startswith("on")] == [], tag
        for name in ("href", "src", "action", "xlink:href", "formaction"):
            if value := str(tag.get(name) or ""):
                assert value.startswith("#") or re.match("https?://", value, re.I), tag
                assert "#" not in value[:1] or value == "#" or value[1:] in places, tag
    return found


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A report of nothing but hostile articles, with hostile sources."""
    pages = []
    for number, text in enumerate(HOSTILE):
        record = page(article(number, mention(sentence=text, placement="headline"), title=text))
        record["article"]["url"] = ADDRESSES[number % len(ADDRESSES)]
        record["article"]["outlet"] = text
        pages.append(record)
    sources = answers(without="sentinel", reason="<script>alert(1)</script>")
    return maker(tmp_path_factory.mktemp("hostile"))(*pages, *sources, formats=BOTH)


def test_html_is_inert_and_complete(hostile: Made) -> None:
    """Every hostile sentence can be read as it stood, and does nothing."""
    found = inert(hostile["html"])
    cells = {flat(row.find_all("td")[4].get_text()) for row in found.select("table.annex tr.clip")}

    assert cells == {flat(text) for text in HOSTILE}
    policy = found.select_one('meta[http-equiv="Content-Security-Policy"]')
    assert policy is not None
    assert "default-src 'none'" in str(policy["content"])
    assert "script-src" not in str(policy["content"])


def test_html_loads_nothing(hostile: Made) -> None:
    """It can be opened years later, without a network."""
    assert re.findall(r"""(?:src|@import|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""", hostile["html"]) == []


def test_markdown_is_inert(hostile: Made) -> None:
    """As CommonMark and GitHub read it, raw HTML allowed; titles stay headings of one line."""
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(hostile["md"])
    found = inert(rendered)
    titles = [flat(heading.get_text()) for heading in found.find_all("h3")]

    assert len(titles) == 3
    assert set(titles) <= {flat(text) for text in HOSTILE}
    assert [heading.get_text() for heading in found.find_all("h2")] == [
        "Top stories",
        "Brands",
        "Sources with faults",
        "Method",
    ]


@pytest.mark.parametrize("name", ['Toys "R" Us & <b>Co', "back\\slash \\1 {{ name }}"])
def test_names_of_brands_may_hold_anything(make: Make, name: str) -> None:
    """They are the user's own, and stand in headings, labels and charts."""
    written = name.replace("\\", "\\\\").replace('"', '\\"')
    chosen = loads(DOCUMENT.format(zone="UTC", database="x.duckdb").replace('name = "Acme"', f'name = "{written}"'))
    made = make(page(article(1)), *answers(), chosen=chosen, formats=BOTH)
    found = inert(made["html"])

    assert found.h1 is not None
    assert found.h1.get_text() == f"{name} in the press"
    labels = [str(svg["aria-label"]) for svg in found.select("svg")]
    assert any(label.startswith(f"Stories on {name} per day by tone") for label in labels)
    assert any(name in text.get_text() for text in found.select("svg text"))


@pytest.mark.parametrize("url", ADDRESSES)
def test_only_web_addresses_lead_anywhere(url: str) -> None:
    assert safe_url(url) == (url if url.startswith("http://") else "#")
    assert safe_url("HTTPS://g.example/") == "HTTPS://g.example/"


DRAW = """
import sys
from datetime import date
from pathlib import Path
from analysis.report import write_report
from tests.analysis.press import watchlist
days = date(2026, 3, 1), date(2026, 3, 10)
write_report(Path(sys.argv[1]), watchlist(), Path(sys.argv[2]), since=days[0], until=days[1], formats=("html",))
"""


@pytest.mark.parametrize("zone", ["America/Los_Angeles", pytest.param("Pacific/Auckland", marks=pytest.mark.slow)])
def test_charts_show_the_same_days_on_every_machine(make: Make, tmp_path: Path, zone: str) -> None:
    """Wherever the server stands: the day of a report is a day of the watchlist."""
    here = make(page(article(1, published=None)), page(article(2)), *answers(), formats=("html",))
    day = re.findall(r"<title>([^:<]+): 1 story, 1 positive", here["html"])
    environment = {**os.environ, "TZ": zone, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", DRAW, tmp_path / "press.duckdb", tmp_path / "there"]
    subprocess.run(command, env=environment, check=True)
    there = (tmp_path / "there" / "presswatch-2026-03-10.html").read_text("utf8")

    assert set(day) == {"10 Mar"}
    assert re.findall(r"<title>([^:<]+): 1 story, 1 positive", there) == day
