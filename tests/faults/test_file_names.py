"""No name of a user or a publisher becomes the name of a file (faults.md, O5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.command import presswatch
from tests.site import Page, article, rss, site, watchlist

EVIL = ("../../x", "CON", "/etc/cron.d/x", "x" * 300, "a\u2028b.html")


def files(folder: Path) -> list[str]:
    """All below it."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_names_of_brands_and_outlets_make_no_paths(tmp_path: Path) -> None:
    """The files are those of a plain watchlist, all of them in the folder that was asked for."""
    recently = format_datetime(datetime.now(UTC) - timedelta(hours=3))
    with site("127.8.0.9") as paper:
        paper.pages["/feed"] = Page(body=rss(("/1", EVIL[0]), dates=(recently,)), kind="application/rss+xml")
        paper.pages["/1"] = Page(body=article(EVIL[0], "Netflix has an outage."))
        made = []
        for number, name in enumerate(("Blockbuster", *EVIL[:4])):
            folder = tmp_path / str(number) / "deep" / "down"
            folder.mkdir(parents=True)
            path = watchlist(folder, ("paper", "feed", paper.url("/feed")), allow_private='["127.8.0.0/16"]')
            text = path.read_text().replace('name = "Blockbuster"', f'name = "{name}"')
            path.write_text(text.replace('outlet = "The paper"', f'outlet = "{name}"'))
            if number == 0:
                assert presswatch(path, "crawl").returncode == 0
            else:
                for file in (tmp_path / "0" / "deep" / "down").glob("watchlist.*duckdb"):
                    (folder / file.name).write_bytes(file.read_bytes())
            for command in (
                ("report", "--format", "html,md", "--out", "out"),
                ("export", "--format", "csv", "--out", "out"),
            ):
                done = presswatch(path, *command)
                assert done.returncode == 0, done.stderr
            made.append(files(tmp_path / str(number)))

    assert {name for found in made for name in found} <= {*made[0]}
    assert all(name.startswith("deep/down/") for name in made[0])
    assert len(made[1]) >= 5
