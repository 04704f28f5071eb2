"""`presswatch nightly`, what a scheduler starts: the report is written whatever the sources do, the status tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.analysis.notices.conftest import hook
from tests.command import connections, presswatch, rows, started
from tests.site import PATIENCE, Page, Site, article, rss, site, watchlist


@pytest.fixture
def paper() -> Iterator[Site]:
    """A publisher with one article."""
    with site("127.8.0.1") as served:
        recently = format_datetime(datetime.now(UTC) - timedelta(hours=3))
        served.pages["/feed"] = Page(body=rss(("/1", "Netflix outage"), dates=(recently,)), kind="application/rss+xml")
        text = "The Netflix outage was terrible for everyone <script>alert('canary')</script>."
        served.pages["/1"] = Page(body=article("Netflix outage goes on", text))
        yield served


def listed(paper: Site, folder: Path, *more: tuple[str, str, str]) -> Path:
    """A watchlist of the publisher and of others that may not be there."""
    return watchlist(folder, ("paper", "feed", paper.url("/feed")), *more, allow_private='["127.8.0.0/16"]')


def reports(path: Path, printed: str) -> list[Path]:
    """The files that the command named, all of which exist and hold something."""
    found = [path.parent / line for line in printed.splitlines() if line.startswith(("reports/", "out/"))]
    assert all(file.stat().st_size for file in found)
    return found


def test_a_night_and_one_without_an_answer(paper: Site, tmp_path: Path) -> None:
    """Crawl and report in one; names the files. All sources down: 3, and the report of what is known says so."""
    path = listed(paper, tmp_path)

    well = presswatch(path, "nightly")
    files = reports(path, well.stdout)
    page = next(file for file in files if file.suffix == ".html").read_text("utf-8")
    paper.pages["/feed"] = Page(status=503)
    silent = presswatch(path, "nightly", "--out", "out")
    (later,) = (file for file in reports(path, silent.stdout) if file.suffix == ".html")

    assert (well.returncode, well.stderr) == (0, "")
    assert well.stdout.startswith("1 of 1 sources answered; 1 links, 1 pages fetched, 1 articles stored, 0 failed\n")
    assert "Netflix outage goes on" in page
    assert "http_503" not in page
    assert "<script>alert(" not in page
    assert (silent.returncode, silent.stderr.splitlines()[-1]) == (3, "presswatch: no source answered")
    assert "paper: http_503" in silent.stderr.splitlines()
    assert later.parent.name == "out"
    assert "http_503" in later.read_text("utf-8")
    assert "Netflix outage goes on" in later.read_text("utf-8")
    assert rows(path, "SELECT command, status, articles FROM private.runs ORDER BY started_at") == [
        ("nightly", "finished", 1), ("nightly", "failed", 0)
    ]  # fmt: skip
    assert {line.split()[1] for line in connections(tmp_path)} == {paper.address}


@pytest.mark.timeout(600)  # four nights
def test_whom_the_watchlist_names_is_told(paper: Site, tmp_path: Path) -> None:
    """The report, once a day; a night without an answer, once; the channel's secret stands nowhere."""
    path = listed(paper, tmp_path)
    path.write_text(path.read_text() + '[[notify]]\nurl = "env:PRESS_HOOK"\n')
    with hook() as found:
        first = presswatch(path, "nightly", "--verbose", PRESS_HOOK=found.url)
        paper.pages["/feed"] = Page(status=503)
        nights = [presswatch(path, "nightly", PRESS_HOOK=found.url) for _ in range(2)]
        found.status = 500
        paper.pages["/feed"] = Page(status=404)
        untold = presswatch(path, "nightly", PRESS_HOOK=found.url)
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())

    assert [night.returncode for night in (first, *nights, untold)] == [0, 3, 3, 3]
    assert found.told[0]["title"].startswith("Netflix in the press")
    assert found.told[0]["attachments"][0]["filename"].endswith(".pdf")
    assert [told["message"] for told in found.told[1:]] == ["no source answered\npaper: http_503"]
    assert "notify: $PRESS_HOOK: failure not delivered: nobody took the message" in untold.stderr
    assert "s3cr3t" not in "".join(night.stdout + night.stderr for night in (first, *nights, untold))
    assert b"s3cr3t" not in kept


def test_some_sources_are_down_and_a_second_instance_is_refused(paper: Site, tmp_path: Path) -> None:
    """The second: 75, the first one's process named, no report touched. The first: 1, the silent source named."""
    path = listed(paper, tmp_path, ("missing", "section", paper.url("/nothing-here")))
    gate = paper.held("/1")
    with started(path, "nightly") as night:
        assert gate.reached.wait(PATIENCE)
        second = presswatch(path, "nightly")
        nothing_yet = not (tmp_path / "reports").exists()
        gate.opened.set()
        out, err = night.communicate(timeout=PATIENCE)
    (page,) = (file for file in reports(path, out) if file.suffix == ".html")

    assert (second.returncode, second.stdout, nothing_yet) == (75, "", True)
    assert f"PID {night.pid}" in second.stderr
    assert night.returncode == 1
    assert "missing: http_404" in err.splitlines()
    assert "Traceback" not in err
    assert "http_404" in page.read_text("utf-8")
    assert rows(path, "SELECT status FROM runs") == [("partial",)]


def test_a_wrong_watchlist_is_one_line(paper: Site, tmp_path: Path) -> None:
    """Exit status 2, before anything is asked, locked or written."""
    path = listed(paper, tmp_path)
    path.write_text(path.read_text().replace("[crawl]\n", '[crawl]\nuser_agnet = "x"\n'))

    night = presswatch(path, "nightly")

    assert (night.returncode, night.stdout, paper.paths()) == (2, "", [])
    assert night.stderr.count("\n") == 1
    assert "watchlist.toml:2: crawl.user_agnet" in night.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["watchlist.toml"]


@pytest.mark.timeout(600)
def test_for_programs(paper: Site, tmp_path: Path) -> None:
    """The summary and every line of the log are JSON, also at --verbose; the metrics are what Prometheus reads."""
    path = listed(paper, tmp_path, ("gone", "feed", paper.url("/nowhere")))
    path.write_text(path.read_text() + '[store]\nmetrics = "metrics/press.prom"\n')

    done = presswatch(path, "--log-json", "nightly", "--format", "json", "--verbose")
    night = json.loads(done.stdout)
    log = [json.loads(line) for line in done.stderr.splitlines()]
    families = {
        family.name: {tuple(sample.labels.values()): sample.value for sample in family.samples}
        for family in text_string_to_metric_families((tmp_path / "metrics" / "press.prom").read_text())
    }

    assert done.returncode == night["exit_status"] == 1
    assert (night["status"], night["articles"], night["sources"], night["answered"]) == ("partial", 1, 2, 1)
    assert night["trouble"] == [{"source_id": "gone", "reason": "http_404"}]
    assert [Path(tmp_path, file).exists() for file in (*night["report"], night["backup"])] == [True] * 6
    assert all(set(line) >= {"at", "level", "logger", "message"} for line in log)
    assert {"warning", "debug"} <= {line["level"] for line in log}
    assert "gone: http_404" in [line["message"] for line in log]
    assert families["presswatch_last_run_exit_status"] == {(): 1}
    assert families["presswatch_source_up"] == {("paper",): 1, ("gone",): 0}
    assert families["presswatch_last_run_articles"] == {(): 1}
    wrong = presswatch(path, "--log-json", "crawl", "--source", "nobody")
    assert (wrong.returncode, json.loads(wrong.stderr)["level"]) == (2, "error")
