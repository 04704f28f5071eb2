"""Commands that read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.analysis.console.conftest import Run
from tests.analysis.press import DOCUMENT, article, night, page


def test_mentions_newest_first_with_a_limit(press: Path, run: Run) -> None:
    rows = run("mentions", "--brand", "acme", "--limit", 3, "--format", "jsonl").rows

    assert [row["sentence"] for row in rows] == [f"Acme sentence {n}." for n in range(3)]
    assert set(rows[0]) >= {"mention", "published", "outlet", "brand", "tone", "label", "sentence", "title", "url"}
    assert rows[0]["url"] == "https://gazette.example/0"


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ((), 6),
        (("--brand", "bolt"), 1),
        (("--topic", "outage"), 5),
        (("--topic", "launch"), 0),
        (("--outlet", "Herald"), 1),
        (("--since", "2026-03-09"), 3),
        (("--until", "2026-03-07"), 2),
        (("--since", "2026-03-08", "--until", "2026-03-08"), 1),
        (("--search", "SENTENCE 3"), 1),
        (("--search", "%"), 0),
        (("--brand", "acme", "--since", "2026-03-10", "--outlet", "Gazette"), 1),
    ],
)
def test_filters(press: Path, run: Run, filters: tuple[str, ...], count: int) -> None:
    assert len(run("mentions", *filters, "--format", "jsonl").rows) == count


def test_trends(press: Path, run: Run) -> None:
    days = run("trends", "--format", "jsonl").rows
    month = run("trends", "--by", "month", "--brand", "acme", "--format", "jsonl").rows

    assert [(row["period"][:10], row["brand"], row["stories"]) for row in days][-2:] == [
        ("2026-03-10", "acme", 1),
        ("2026-03-10", "bolt", 1),
    ]
    assert [row["share_of_voice"] for row in days][-2:] == [0.5, 0.5]
    assert [(row["stories"], row["mentions"]) for row in month] == [(5, 5)]


def test_a_question_can_be_shown_and_asked_again(press: Path, run: Run) -> None:
    """`--sql`: the query on stdout, the values beside it."""
    shown = run("trends", "--brand", "acme", "--sql")

    assert shown.status == 0
    assert "FROM coverage" in shown.out
    assert "acme" not in shown.out
    assert "'brand': 'acme'" in shown.err


def test_sources(press: Path, run: Run) -> None:
    rows = run("sources", "--format", "jsonl").rows

    assert sorted(row["source"] for row in rows) == ["gazette", "herald", "ledger", "mercury", "observer", "sentinel"]
    assert {row["reason"] for row in rows} == {None}


WRONG = {
    "brand": (("trends", "--brand", "acmee"), r"--brand acmee: not in watchlist\.toml; there are acme, bolt, cog"),
    "topic": (("mentions", "--topic", "x"), r"--topic x: not in watchlist\.toml; there are outage, launch"),
    "date": (("trends", "--since", "yesterday"), r"--since.*'yesterday' is no date; like 2008-08-11"),
    "no such day": (("trends", "--until", "2026-02-30"), r"'2026-02-30' is no date"),
    "a day out of reach": (("trends", "--until", "9999-12-31"), r"'9999-12-31' is no date"),
    "an early day": (("mentions", "--since", "0001-01-01"), r"'0001-01-01' is no date"),
    "days": (
        ("mentions", "--since", "2026-03-02", "--until", "2026-03-01"),
        r"--since 2026-03-02 is after --until 2026-03-01",
    ),
    "limit": (("mentions", "--limit", "0"), r"--limit.*0 is not in the range x>=1"),
    "period": (("trends", "--by", "year"), r"--by.*'year' is not one of 'hour', 'day', 'week', 'month'"),
    "format": (("sources", "--format", "xml"), r"--format.*'xml' is not one of 'table', 'json', 'jsonl', 'csv'"),
    "option": (("trends", "--brnad", "acme"), r"No such option.*--brnad"),
    "command": (("trend",), r"No such command.*'trend'"),
    "watchlist": (
        ("--watchlist", "nowhere.toml", "trends"),
        r"nowhere\.toml: there is no such file; `presswatch init`",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_users_mistake_is_one_line(press: Path, run: Run, name: str) -> None:
    """Exit status 2, what is wrong and what is allowed; no traceback, no silence that looks like the press's."""
    arguments, complaint = WRONG[name]
    said = run(*arguments)

    assert said.status == 2
    assert re.search(complaint, said.complaint)


def test_a_watchlist_that_is_wrong(press: Path, run: Run) -> None:
    Path("watchlist.toml").write_text("[crawl]\nuser_agnet = 1\n")
    said = run("trends")

    assert said.status == 2
    assert re.search(r'watchlist\.toml:2: crawl\.user_agnet: is unknown; did you mean "user_agent"', said.complaint)


def test_there_is_no_store(here: Path, run: Run) -> None:
    """Status 3: nothing can be done; a question makes no files."""
    said = run("trends")

    assert said.status == 3
    assert said.complaint == "presswatch: data/presswatch.duckdb: no database yet; `presswatch crawl` makes it"
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("command", ["trends", "mentions", "sources"])
@pytest.mark.parametrize("before", [True, False])
def test_global_options_stand_where_one_likes(press: Path, run: Run, command: str, before: bool) -> None:
    """Before the command or after it."""
    elsewhere = press.with_name("elsewhere.duckdb")
    night(elsewhere, page(article(1)), zone="Asia/Tokyo")
    Path("tokyo.toml").write_text(DOCUMENT.format(zone="Asia/Tokyo", database="nowhere.duckdb"))
    options = ("--watchlist", "tokyo.toml", "--db", "elsewhere.duckdb", "--quiet")
    arguments = (*options, command) if before else (command, *options)
    said = run(*arguments, "--format", "jsonl")

    assert said.status == 0
    assert len(said.rows) == {"trends": 1, "mentions": 1, "sources": 6}[command]
    if command == "mentions":
        assert said.rows[0]["published"] == "2026-03-10T21:00:00"


def test_the_watchlist_of_the_environment(press: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where the working directory has none and none is named; a wrong one is an error."""
    Path("watchlist.toml").rename("mine.toml")
    monkeypatch.setenv("PRESSWATCH_WATCHLIST", "mine.toml")
    assert run("mentions", "--format", "jsonl").status == 0
    monkeypatch.setenv("PRESSWATCH_WATCHLIST", "lost.toml")
    assert "lost.toml: there is no such file" in run("mentions").complaint


def test_sql(press: Path, run: Run) -> None:
    """Over the public views, in any format; `$` and `%` and quotes are the user's own."""
    said = run("sql", "SELECT brand_id, count(*) AS n FROM mentions GROUP BY ALL ORDER BY n DESC", "--format", "json")

    assert json.loads(said.out) == [{"brand_id": "acme", "n": 5}, {"brand_id": "bolt", "n": 1}]
    assert "5" in run("sql", "SELECT count(*) FROM mentions WHERE sentence LIKE 'Acme%'").out


FORBIDDEN = [
    "COPY articles TO 'stolen.csv'",
    "COPY (SELECT 1) TO '/tmp/presswatch-stolen.csv'",
    "EXPORT DATABASE 'stolen'",
    "ATTACH 'other.duckdb'",
    "ATTACH ':memory:' AS m; CREATE TABLE m.t AS SELECT 1; COPY m.t TO 'stolen.csv'",
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_csv('watchlist.toml')",
    "SELECT * FROM read_blob('watchlist.toml')",
    "SELECT * FROM 'watchlist.toml'",
    "SELECT * FROM glob('*')",
    "SELECT * FROM read_parquet('http://127.0.0.1:9/x.parquet')",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET GLOBAL lock_configuration = false",
    "RESET lock_configuration",
    "PRAGMA memory_limit = '1GB'",
    "SELECT 1; SET enable_external_access = true",
    "SELECT 1; SELECT * FROM read_text('/etc/hostname')",
    "DELETE FROM private.articles",
    "DROP VIEW articles",
    "CREATE TABLE t (x INTEGER)",
    "UPDATE private.mentions SET tone = 1",
    "INSERT INTO private.corrections VALUES ('a', 'b', 'c', 'd', 'e', now())",
    "SELEC 1",
    "SELECT nonsense FROM articles",
    "",
]


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("query", FORBIDDEN)
def test_sql_only_reads_and_only_the_store(press: Path, run: Run, query: str) -> None:
    """One line and status 2; no file is written, none is read, nothing of the store changes (faults.md, O4)."""
    before = contents(press.parent)
    said = run("sql", query)

    assert said.status == 2
    assert said.complaint.startswith(("presswatch: sql: ", "Error: "))
    assert contents(press.parent) == before


def test_several_statements_are_one_mistake(press: Path, run: Run) -> None:
    """Only the last one's rows would come out; nobody means that."""
    said = run("sql", "SELECT 1; SELECT 2")

    assert said.status == 2
    assert "one statement" in said.complaint
    assert run("sql", "SELECT 1 AS a; ", "--format", "jsonl").rows == [{"a": 1}]
    assert run("sql", "SELECT ';' AS a -- ; SELECT 2", "--format", "jsonl").rows == [{"a": ";"}]
