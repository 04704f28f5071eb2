"""`presswatch serve` in a process of its own, over a store of the invented press."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.analysis.press import DOCUMENT, NOON, article, mention, night, page
from tests.command import started

EVIL = "<script>alert(1)</script> [a](javascript:b) {{ 7*7 }}"
GOOD, BAD = "Acme gave every customer a credit.", "Acme was down for three days."


@dataclass
class Served:
    """A running page."""

    address: str
    watchlist: Path

    def ask(self, path: str, method: str = "GET", form: dict[str, str] | None = None, **headers: str) -> Reply:
        """One request with exactly these headers; an underscore in a name stands for a hyphen."""
        place = urlsplit(self.address)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if form is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, path, urlencode(form) if form is not None else None, sent)
        answer = connection.getresponse()
        found = Reply(answer.status, answer.read().decode("utf8", "replace"), answer)
        connection.close()
        return found

    def mention(self, sentence: str) -> str:
        """The id of a sentence."""
        rows = json.loads(self.ask("/export/mentions.json").text)
        return next(str(row["mention"]) for row in rows if row["sentence"] == sentence)


@dataclass
class Reply:
    """An answer, read."""

    status: int
    text: str
    raw: HTTPResponse


def store(folder: Path) -> Path:
    """Thirty articles of two brands, some of hostile text, and their watchlist; the path of that."""
    watchlist = folder / "watchlist.toml"
    watchlist.write_text(DOCUMENT.format(zone="UTC", database=folder / "watchlist.duckdb"))
    day = timedelta(days=1)
    found = [
        article(n, mention(tone=0.8, sentence=GOOD) if n % 3 else mention(tone=-0.7, sentence=BAD),
                mention("bolt", 0.1, sentence=f"Bolt opened office {n}.", ordinal=2), published=NOON - n % 9 * day)
        for n in range(30)
    ]  # fmt: skip
    found += [
        article(40, mention(sentence=EVIL), title=EVIL, url="javascript:alert(1)", source="herald"),
        article(41, mention(sentence="Acme said once.", tone=-0.9), title="Only once", source="sentinel"),
    ]
    night(folder / "watchlist.duckdb", *map(page, found))
    return watchlist


@contextmanager
def serving(watchlist: Path, *arguments: str, **extra: str) -> Iterator[Served]:
    """The page of a store, on a free port; `extra` goes into the environment."""
    with started(watchlist, "serve", "--port", "0", *arguments, **extra) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(process.communicate()[1])
        yield Served(line.split()[0], watchlist)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all tests of a file that change nothing."""
    with serving(store(tmp_path_factory.mktemp("served"))) as found:
        yield found
