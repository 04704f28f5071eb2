"""Too little room on the disk: a run does not begin, or ends cleanly and is taken up by the next (faults.md, B3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.store.space import AT_LEAST
from tests.analysis.store.test_full_disk import fill
from tests.command import presswatch, rows
from tests.site import Page, Site, article, rss, site, watchlist
from tests.tmpfs import small_disk

SIZE = 2 * AT_LEAST


def publish(paper: Site, numbers: range) -> None:
    """A feed of so many articles."""
    entries = ((f"/{number}", f"Netflix {number}") for number in numbers)
    paper.pages["/feed"] = Page(body=rss(*entries), kind="application/rss+xml")
    for number in numbers:
        paper.pages[f"/{number}"] = Page(body=article(f"Netflix {number}", f"Netflix did {number} things."))


@pytest.mark.slow  # four nights
@pytest.mark.timeout(300)
def test_a_disk_that_fills_up(tmp_path: Path) -> None:
    """Before the run: 3, nothing asked. In the middle: what came is stored, 3, yesterday's report as it was; with room
    again the next night brings the rest."""
    with small_disk(tmp_path, SIZE) as disk, site("127.8.0.1") as paper:
        publish(paper, range(3))
        path = watchlist(disk, ("paper", "feed", paper.url("/feed")), allow_private='["127.8.0.0/16"]')
        ballast = fill(disk, leave=AT_LEAST // 2)
        full = presswatch(path, "nightly")
        asked = len(paper.asked)
        ballast.unlink()
        assert presswatch(path, "nightly").returncode == 0
        reports = {file: file.read_bytes() for file in disk.glob("reports/*")}

        publish(paper, range(9))
        held = paper.held("/8")

        def filling() -> Page:
            fill(disk, leave=1024 * 1024)
            return Page(body=article("Netflix 5", "Netflix did 5 things."))

        paper.pages["/5"] = filling
        cut = presswatch(path, "nightly")
        after = {file: file.read_bytes() for file in disk.glob("reports/*")}
        held.opened.set()
        (disk / "ballast").unlink()
        paper.pages["/5"] = Page(body=article("Netflix 5", "Netflix did 5 things."))
        whole = presswatch(path, "nightly")

        assert (full.returncode, asked) == (3, 0)
        assert "out of space" in full.stderr.splitlines()[-1]
        assert cut.returncode == 3, cut.stderr
        assert cut.stderr.splitlines()[-1].startswith("presswatch: out of space: the crawl was cut short")
        assert "Traceback" not in cut.stderr
        assert after == reports
        assert whole.returncode == 0, whole.stderr
        assert rows(path, "SELECT title FROM articles ORDER BY title") == [(f"Netflix {n}",) for n in range(9)]
