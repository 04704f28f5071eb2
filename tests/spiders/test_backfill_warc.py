"""`presswatch backfill warc`: what a crawl archived can be read again without the web (A1, A4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.store.database import writing
from tests.command import presswatch, rows
from tests.site import Page, article, rss, site, watchlist

pytestmark = pytest.mark.slow  # many runs of the program, a minute and more each

OLD, NEW = "Netflix says that profits rose", "Netflix says that profits fell"
POSTS = (
    "Good morning. Nothing is known at this hour, and nobody answers the telephone.",
    "A campaign by Blockbuster starts today, and they call it a coincidence.",
    "In the evening the campaign of Blockbuster had its first hundred customers.",
)
"""Of a live blog whose headline names a brand that no post names."""
LIVE = (
    "<html lang='en'><head><title>Live</title></head><body><main><h1>Netflix outage: the day</h1>"
    + "".join(
        f"<div class='live-post' id='p{n}'><time datetime='2008-08-11T0{n}:00:00+00:00'>x</time><p>{text}</p></div>"
        for n, text in enumerate(POSTS, 7)
    )
    + "</main></body></html>"
)


def stored(path: Path) -> list[tuple[object, ...]]:
    """Every revision, with whose word its date is."""
    return rows(
        path,
        "SELECT url, revision, title, outlet, source_id, published_source, published_at, fetched_at > published_at"
        " FROM article_revisions ORDER BY url, revision",
    )


@pytest.mark.timeout(600)  # six runs of the program
def test_the_archive_gives_the_same_articles_without_the_web(tmp_path: Path) -> None:
    """Two nights of a paper that corrects a headline; then an empty database, no paper, and only the archive."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir(), second.mkdir()
    with site() as paper:
        titles = (("/1", "One"), ("/2", "Two"), ("/3", "Rain"), ("/live", "Live"))
        feed = rss(*titles, dates=("Mon, 11 Aug 2008 12:00:00 GMT",) * 4)
        paper.pages |= {"/feed": Page(body=feed), "/1": Page(body=article(OLD, OLD)),
                        "/2": Page(body=article("A Netflix outage", "A Netflix outage.")),
                        "/3": Page(body=article("Rain", "It rains.")), "/live": Page(body=LIVE)}  # fmt: skip
        allowed = f'["127.0.0.1:{paper.port}"]'
        path = watchlist(first, ("paper", "feed", paper.url("/feed")), allow_private=allowed)
        assert presswatch(path, "crawl").returncode == 0
        paper.pages |= {"/1": Page(body=article(NEW, NEW)), "/feed": Page(body=feed.replace("One", "One, corrected"))}
        assert presswatch(path, "crawl").returncode == 0
        known, asked = stored(path), len(paper.asked)
        files = sorted(str(file) for file in (first / "watchlist.archive").iterdir())
        again = watchlist(second, ("paper", "feed", paper.url("/feed")), allow_private=allowed)

        done = presswatch(again, "backfill", "warc", *files)
        twice = presswatch(again, "backfill", "warc", *files)
        with writing(path.with_suffix(".duckdb")) as connection:  # nights are further apart than two runs here
            connection.execute("UPDATE private.articles SET fetched_at = fetched_at + INTERVAL 9 SECOND WHERE newest")
        over = presswatch(path, "backfill", "warc", *files, "--again")

        assert len(paper.asked) == asked
    assert [row[:3] for row in known if str(row[0]).endswith("/1")] == [
        (paper.url("/1"), 0, OLD), (paper.url("/1"), 1, NEW)
    ]  # fmt: skip
    assert {str(row[0]).rpartition("/")[2] for row in known} == {"1", "2", "live", "live#p8", "live#p9"}
    assert len(files) == 2
    assert (done.returncode, stored(again)) == (0, known)
    assert "warc: 2 files" in done.stderr
    assert "2 read before" in twice.stderr
    assert (over.returncode, stored(path)) == (0, known)  # the older text stays revision 0


def test_files_and_days_that_do_not_go_together(tmp_path: Path) -> None:
    """One line, exit status 2, nothing asked."""
    path = watchlist(tmp_path, ("paper", "feed", "http://paper.example/feed"))
    for arguments, said in {
        ("warc",): "names no files",
        ("gdelt",): "--from is needed",
        ("gdelt", "--from", "2008-08-01", "--to", "2008-09-01"): "begin on 2015-02-18",
        ("wayback", "--from", "2008-08-01"): "no source of kind wayback",
        ("wayback", "--from", "2008-08-02", "--to", "2008-08-01"): "is after",
    }.items():
        done = presswatch(path, "backfill", *arguments)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert said in done.stderr
