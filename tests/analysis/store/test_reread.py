"""Messages and quotes in the store: loaded with each revision, found anew where the watchlist changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.items import Article
from analysis.matching import Matcher
from analysis.store import reread as reread_module
from analysis.store.database import reading
from analysis.store.reread import BATCH, reread, unread
from analysis.watchlist import Watchlist, loads
from tests.analysis.press import DOCUMENT, article, night, page

MESSAGES = """
[[messages]]
id = "sorry"
brand = "acme"
phrases = ["{phrase}"]
"""


def watching(phrase: str = "sorry") -> Watchlist:
    return loads(DOCUMENT.format(zone="UTC", database="x.duckdb") + MESSAGES.format(phrase=phrase))


def read(watchlist: Watchlist, number: int, body: str, **extra: Any) -> Article:
    return Matcher(watchlist).match(replace(article(number, body=body, **extra), language="en"))


def carried(database: Path) -> list[tuple[Any, ...]]:
    with reading(database) as connection:
        return connection.execute(
            "SELECT url, m.sentence FROM messages m JOIN articles USING (article_id) ORDER BY 1"
        ).fetchall()


def test_the_newest_revision_counts(database: Path) -> None:
    """Views show what the newest text carries and quotes."""
    watchlist = watching()
    night(database, page(read(watchlist, 1, "Acme is sorry. Acme says it will pay.")))
    assert carried(database) == [("https://gazette.example/1", "Acme is sorry.")]

    night(database, page(read(watchlist, 1, "Acme is well. Acme says it is glad.")))
    assert carried(database) == []
    with reading(database) as connection:
        assert connection.execute("SELECT speaker, sentence FROM quotes").fetchall() == [
            ("Acme", "Acme says it is glad.")
        ]


@pytest.mark.parametrize("batch", [1, 2, BATCH])
def test_other_phrases_are_found_in_stored_text(database: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    """In every article that needs it, wherever the batches end; the second time there is nothing to do."""
    monkeypatch.setattr(reread_module, "_NEXT", reread_module._NEXT.replace(f"LIMIT {BATCH}", f"LIMIT {batch}"))
    old, new = watching(), watching("pay*")
    night(database, *(page(read(old, n, "Acme is sorry.\nAcme pays.")) for n in range(3)), page(article(7)))
    version = Matcher(new).reading

    assert unread(database, version) == 4
    assert reread(database, new) == 4
    assert (unread(database, version), reread(database, new)) == (0, 0)
    assert carried(database) == [(f"https://gazette.example/{n}", "Acme pays.") for n in range(3)]
