"""The front door, called as `main` is: arguments in, exit status and two streams out."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from presswatch import main
from tests.analysis.press import DOCUMENT, NOON, article, mention, night, page


@dataclass
class Said:
    """What a command said."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def complaint(self) -> str:
        """The last line of standard error; the rest is click's usage."""
        assert self.out == ""
        assert "Traceback" not in self.err
        return self.err.rstrip("\n").rpartition("\n")[2]


Run = Callable[..., Said]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, without anything in the environment."""
    for name in ("PRESSWATCH_WATCHLIST", "COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("trends", "--by", "day")`."""

    def _run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["presswatch", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Said(end.value.code, out, err)

    return _run


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a watchlist and the store that it names: five articles on Acme, one on Bolt. Made once."""
    folder = tmp_path_factory.mktemp("press")
    (folder / "watchlist.toml").write_text(DOCUMENT.format(zone="UTC", database="press.duckdb"))
    found = [
        article(n, mention(sentence=f"Acme sentence {n}."), published=NOON - timedelta(days=n), topics=("outage",))
        for n in range(5)
    ]
    bolt = article(9, mention("bolt", sentence="=Bolt()"), source="herald")
    night(folder / "press.duckdb", *map(page, found), page(bolt))
    return folder


@pytest.fixture
def press(here: Path, stored: Path) -> Path:
    """A copy of `stored` in the working directory; the path of its database."""
    shutil.copytree(stored, here, dirs_exist_ok=True)
    return here / "press.duckdb"
