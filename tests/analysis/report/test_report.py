"""What a report says, read back from the files that it wrote."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from analysis.errors import StoreError, UserError
from analysis.report import markdown, write_report
from analysis.store.corrections import correct
from analysis.store.database import reading, writing
from tests.analysis.press import NOON, OUTLETS, article, mention, night, page, watchlist, wire
from tests.analysis.report.conftest import BOTH, SINCE, UNTIL, Made, Make, answers

CLAIMS = re.compile(r"\b(fell|falls?|fallen|drop\w*|declin\w*|down|lower|less|rose|rise\w*|grew|up|more)\b", re.I)
WINDOW = "published_at >= '2026-03-01' AND published_at < '2026-03-11'"


def tiles(made: Made) -> dict[str, str]:
    """Label -> value."""
    return dict(re.findall(r"^- \*\*([^:]+): ([^*]+)\*\*", made["md"], re.M))


def bottom_line(made: Made) -> str:
    line = re.search(r"^\*\*Bottom line\.\*\* (.*)", made["md"], re.M)
    assert line is not None
    return line[1].replace("\\", "")


def light(made: Made) -> str:
    found = re.search(r"^Data confidence: \*\*(\w+)\*\*", made["md"], re.M)
    assert found is not None
    return found[1]


def coverage() -> list[dict[str, Any]]:
    """Twelve stories on Acme, one of them in five outlets, and some on a rival; a few outside of the window."""
    day = timedelta(days=1)
    stories = [
        article(
            n,
            mention(tone=0.8 if n % 3 else -0.4),
            published=NOON - n % 9 * day,
            source="gazette" if n % 2 else "ledger",
        )
        for n in range(12)
    ]
    outlets = ("gazette", "herald", "ledger", "mercury", "observer")
    copies = [article(100, mention(tone=-0.9), title="Wire", body=wire("w"), source=outlet) for outlet in outlets]
    rivals = [article(200 + n, mention("bolt", 0.1), published=NOON - n * day) for n in range(4)]
    outside = [
        article(300, published=NOON - 40 * day),
        article(301, published=NOON + 3 * day),
        article(302, published=None),
    ]
    return [page(found) for found in (*stories, *copies, *rivals, *outside)]


def test_tiles_are_what_sql_says(make: Make, tmp_path: Path) -> None:
    """Counted again, over the public views, by other queries than the report's."""
    made = make(*coverage(), *answers())
    with reading(tmp_path / "press.duckdb") as connection:
        connection.execute(f"CREATE TEMP VIEW told AS SELECT * FROM mentions WHERE {WINDOW}")
        connection.execute("CREATE TEMP VIEW ours AS SELECT * FROM told WHERE brand_id = 'acme'")

        def one(sql: str) -> Any:
            return connection.execute(sql).fetchall()[0][0]

        stories = one("SELECT count(DISTINCT story_id) FROM ours")
        articles = one("SELECT count(DISTINCT article_id) FROM ours")
        tier_one = one("SELECT count(DISTINCT article_id) FROM ours WHERE tier = 1")
        tone = one(
            "SELECT avg(t) FROM (SELECT coalesce(avg(tone) FILTER (confident AND NOT syndicated), "
            "avg(tone) FILTER (confident)) AS t FROM ours GROUP BY story_id)"
        )
        brands = one("SELECT count(*) FROM (SELECT DISTINCT brand_id, story_id FROM told)")

    assert (stories, articles, brands, tier_one) == (13, 17, 17, 7)
    assert tiles(made) == {
        "Unique stories": "13",
        "Articles": "17",
        "Net tone": f"{tone:+.2f}",
        "Share of voice": f"{stories / brands:.0%}",
        "Tier 1": f"{tier_one / articles:.0%}",
    }


def test_html_and_markdown_show_the_same_numbers(make: Make) -> None:
    made = make(*coverage(), *answers(without="ledger"), formats=BOTH)
    html = BeautifulSoup(made["html"], "lxml")
    shown = {tile.span.get_text(): tile.b.get_text() for tile in html.select("ul.tiles li") if tile.span and tile.b}
    line, lamp = html.select_one("p.bottom"), html.select_one("span.light")
    assert line is not None
    assert lamp is not None

    assert shown == tiles(made)
    assert line.get_text(" ", strip=True) == f"Bottom line {bottom_line(made)}"
    assert lamp["class"] == ["light", light(made)]
    rows = [[cell.get_text() for cell in row.select("th, td")[:4]] for row in html.select("table.brands tbody tr")]
    assert rows[0] == ["Acme", "13", "17", shown["Share of voice"]]
    assert rows[1][:3] == ["Bolt", "4", "4"]
    assert all(f"| {' | '.join(row)} |" in made["md"] for row in rows)


def test_it_says_the_same_when_asked_again(make: Make) -> None:
    """Field.md, 3.8.1: only the time of making differs."""
    first, second = make(*coverage(), *answers(), formats=BOTH), make(formats=BOTH)
    made_at = re.compile(r"Made [\d:. -]+, |TIMESTAMPTZ '[^']+'")

    assert first["md"] == second["md"]
    assert made_at.sub("", first["html"]) == made_at.sub("", second["html"])


def outermost(query: str) -> str:
    """A query without what stands in parentheses."""
    inner = re.sub(r"\([^()]*\)", "", query)
    return query if inner == query else outermost(inner)


def test_every_query_states_an_order(make: Make) -> None:
    """Where it has more than one row: DuckDB gives rows in the order in which its threads are ready."""
    made = make(*coverage(), *answers(), formats=BOTH)
    page = BeautifulSoup(made["html"], "lxml")
    without = [
        proof.h3.get_text()
        for proof in page.select("section.proof")
        if len(proof.select("tbody tr")) > 1 and "ORDER BY" not in outermost(proof.select_one("details pre").get_text())
    ]

    assert page.select("section.proof")
    assert without == []


def test_every_query_stands_beside_its_figure(make: Make, tmp_path: Path) -> None:
    """And can be asked again by whoever doubts it (architecture.md, rule 5)."""
    made = make(*coverage(), *answers(), formats=BOTH)
    queries = [pre.get_text() for pre in BeautifulSoup(made["html"], "lxml").select("details pre")]

    assert len(queries) >= 8
    with reading(tmp_path / "press.duckdb") as connection:
        for query in queries:
            assert not re.search(r"\b(FROM|JOIN) private\.", query)
            connection.execute(query).fetchall()


def test_nothing_was_found(make: Make) -> None:
    """The report is made all the same, says so, and says which sources answered (field.md, 3.8.7)."""
    made = make(*answers(), formats=BOTH)
    html = BeautifulSoup(made["html"], "lxml")

    assert bottom_line(made) == "No significant coverage of Acme from 1 March 2026 to 10 March 2026."
    assert "No significant coverage in this window." in html.get_text()
    assert tiles(made) == {
        "Unique stories": "0",
        "Articles": "0",
        "Net tone": "–",
        "Share of voice": "0%",
        "Tier 1": "–",
    }
    assert light(made) == "green"
    assert "6 of 6" in made["html"]
    assert {cell.get_text() for cell in html.select("table.sources tbody th")} == set(OUTLETS)
    assert html.select("svg") == []


def test_only_a_rival_was_found(make: Make) -> None:
    made = make(page(article(1, mention("bolt"))), *answers(), formats=BOTH)

    assert bottom_line(made).startswith("No significant coverage of Acme")
    assert "Bolt: 1 stor" in bottom_line(made)
    assert "100% share of voice." in bottom_line(made)
    assert (
        len(BeautifulSoup(made["html"], "lxml").select("figure svg")) == 4
    )  # volume and share of voice, in two widths


@pytest.mark.parametrize("reason", ["dns", "over_budget"])
def test_a_source_that_failed_turns_the_light(make: Make, reason: str) -> None:
    """Amber, and the bottom line claims no direction but warns against reading one (field.md, 3.8.4)."""
    made = make(*coverage(), *answers(without="sentinel", reason=reason))

    assert light(made) == "amber"
    assert "read no fall into this" in bottom_line(made)
    assert CLAIMS.findall(bottom_line(made).replace("read no fall into this", "")) == []
    assert f"sentinel ({reason})" in made["md"].replace("\\", "")
    assert len(bottom_line(made).split()) <= 60


def test_most_sources_failed(make: Make) -> None:
    failed = [
        record
        for name in ("herald", "ledger")
        for record in answers(without=name)
        if record["source"]["source_id"] == name
    ]
    made = make(*coverage(), *[r for r in answers() if r["source"]["source_id"] not in {"herald", "ledger"}], *failed)

    assert light(made) == "red"
    assert "read no fall" in bottom_line(made)


def test_days_that_no_run_reached_are_gaps(make: Make) -> None:
    """The last run was three days before the window's end: those days are blind, not quiet (faults.md, X2)."""
    made = make(*coverage(), *answers(), until=UNTIL + timedelta(days=3))

    assert light(made) == "amber"
    assert "read no fall" in bottom_line(made)
    assert "some days are not fully collected" in bottom_line(made)


def test_nothing_was_ever_crawled(make: Make, tmp_path: Path) -> None:
    """A store without a run: the report stands and trusts nothing; without a store, one line."""
    with pytest.raises(StoreError, match="no database yet"):
        make()
    with writing(tmp_path / "press.duckdb"):
        pass
    made = make()

    assert light(made) == "red"
    assert bottom_line(made).startswith("No significant coverage of Acme")


def test_a_correction_changes_every_figure(make: Make, tmp_path: Path) -> None:
    """Tile, chart, list of sentences (field.md, 3.8.6)."""
    before = make(*[page(article(n, mention(tone=-0.8))) for n in range(10)], *answers())
    with reading(tmp_path / "press.duckdb") as connection:
        found = connection.execute("SELECT mention_id FROM mentions").fetchall()
    for (mention_id,) in found:
        correct(tmp_path / "press.duckdb", mention_id, "pos", why="irony", who="Ana")
    after = make(formats=BOTH)

    assert tiles(before)["Net tone"] == "-0.80"
    assert tiles(after)["Net tone"] == "+1.00"
    assert "corrected by hand" in after["html"]


def test_days_are_days_of_the_watchlist(make: Make) -> None:
    """23:58 on the last evening in Los Angeles is in the window, though it is the next day in UTC."""
    late = NOON.replace(hour=7, minute=58) + timedelta(days=1)  # 23:58 of the 10th, UTC-8 until the 8th, UTC-7 after
    early = late + timedelta(minutes=2) - timedelta(hours=1)
    inside, outside = article(1, published=early - timedelta(minutes=2)), article(2, published=early)
    made = make(page(inside), page(outside), *answers(), zone="America/Los_Angeles", formats=BOTH)

    assert tiles(made)["Unique stories"] == "1"
    assert "2026-03-10 23:58" in made["html"]


def test_the_zone_of_the_watchlist_may_have_changed(make: Make) -> None:
    """Since the last run: the report is made, whatever the store's days are."""
    edge = article(1, published=NOON.replace(month=2, day=28))  # 1 March, an hour after midnight, in Auckland
    made = make(page(edge), *answers(), chosen=watchlist("Pacific/Auckland"))

    assert tiles(made)["Unique stories"] == "1"


def test_the_old_report_stays_where_rendering_fails(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In all formats: they are of one state or the other, never mixed (faults.md, B3)."""
    old = make(*coverage(), *answers(), formats=BOTH)
    night(tmp_path / "press.duckdb", page(article(999)), *answers())

    def broken(_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(markdown, "render", broken)
    with pytest.raises(ZeroDivisionError):
        make(formats=BOTH)
    monkeypatch.undo()

    out = tmp_path / "out"
    assert {path.suffix[1:]: path.read_text("utf8") for path in out.iterdir()} == old
    assert make(formats=("md",))["md"] != old["md"]


def test_a_window_that_ends_before_it_begins(make: Make, tmp_path: Path) -> None:
    """A user's slip is one line; a report of no days would say that nothing happened."""
    night(tmp_path / "press.duckdb", *answers())
    with pytest.raises(UserError, match="--since 2026-03-10 is after --until 2026-03-01"):
        write_report(tmp_path / "press.duckdb", watchlist(), tmp_path / "out", since=UNTIL, until=SINCE)


@pytest.mark.parametrize("days", [1, 400])
def test_windows_of_any_length(make: Make, days: int) -> None:
    made = make(*coverage(), *answers(days=days), since=UNTIL - timedelta(days=days - 1))

    assert int(tiles(made)["Unique stories"]) > 0


def test_evidence_is_of_the_window(make: Make) -> None:
    """A story may have begun before it, or go on after it."""
    day = timedelta(days=1)
    told = [
        article(
            n,
            mention(sentence=f"Acme, part {n}."),
            title="Wire",
            body=wire("w"),
            source=source,
            published=NOON + n * day,
        )
        for n, source in ((-30, "gazette"), (0, "herald"), (5, "ledger"))
    ]
    made = make(*map(page, told), *answers())

    assert re.findall(r"^> (Acme, part [^.]*)", made["md"], re.M) == ["Acme, part 0"]


def test_an_unscored_story_gets_no_word_for_its_tone(make: Make) -> None:
    made = make(page(article(1, mention(tone=None))), *answers())

    assert "tone not scored" in made["md"]
    assert tiles(made)["Net tone"] == "–"
    assert "Too few scored stories (0) for a tone." in bottom_line(made)


def test_dates_can_be_at_the_ends_of_the_calendar(make: Make) -> None:
    """A page with an absurd date does not cost the report."""
    absurd = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    pages = [page(article(number, published=when)) for number, when in enumerate(absurd)]
    made = make(*pages, page(article(2)), *answers())

    assert tiles(made)["Unique stories"] == "1"


def test_the_default_window_is_the_last_thirty_days(tmp_path: Path) -> None:
    database = tmp_path / "press.duckdb"
    night(database, *answers())
    today = date.today()  # noqa: DTZ011 (either side of midnight will do)
    (path,) = write_report(database, watchlist(), tmp_path / "out", formats=("md",))

    day = date.fromisoformat(path.stem.removeprefix("presswatch-"))
    assert abs(day - today) <= timedelta(days=1)
    first = day - timedelta(days=29)
    assert f"from {first.day} {first:%B} {first.year} to" in path.read_text("utf8").replace("\\", "")
