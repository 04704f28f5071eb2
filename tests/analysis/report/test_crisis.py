"""The part of the report on an event of ours: what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bs4 import BeautifulSoup

from analysis.watchlist import loads
from tests.analysis.press import DOCUMENT, NOON, OUTLETS, article, mention, page
from tests.analysis.report.conftest import BOTH, Make, answers

EVENT = '[[events]]\nid = "stop"\nbrand = "acme"\nstart = 2026-03-08T00:00:00Z\nend = 2026-03-09T23:00:00Z\n'


def test_it_says_what_the_event_is_about(make: Make) -> None:
    """Themes of its days only, most told first, with tone, who began and a sentence; links and markup stay text."""
    chosen = loads(DOCUMENT.format(zone="UTC", database=Path("data/presswatch.duckdb")) + EVENT)
    began = NOON - timedelta(days=2)
    cause = replace(mention(tone=-0.6, sentence="A server of Acme broke <b>down</b>."), themes=("cause",))
    remedy = replace(mention(tone=0.6, sentence="Acme pays everybody back."), themes=("remedy",))
    before = replace(mention(sentence="Acme plans a new hall."), themes=("scale",))
    made = make(
        *(page(article(n, cause, source=source, published=began + timedelta(hours=n)))
          for n, source in enumerate(OUTLETS)),
        page(article(20, remedy, source="herald", published=began + timedelta(hours=20))),
        page(article(30, before, published=began - timedelta(days=3))), *answers(), chosen=chosen, formats=BOTH,
    )  # fmt: skip
    table = BeautifulSoup(made["html"], "lxml").select_one("#event [aria-label='What it is about']")
    assert table is not None
    rows = [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in table.select("tbody tr")]

    assert rows == [
        ["cause", "6", "86%", "▼ -0.60", "Gazette 2026-03-08 12:00", "A server of Acme broke <b>down</b>."],
        ["remedy", "1", "14%", "▲ +0.60", "Herald 2026-03-09 08:00", "Acme pays everybody back."],
    ]
    assert "**remedy** (1 story, tone +0.60, first Herald): Acme pays everybody back." in made["md"]
    assert "new hall" not in table.get_text()
