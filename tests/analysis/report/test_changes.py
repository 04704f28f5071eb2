"""What outlets changed after we had read it, as the report tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from analysis.store.database import reading
from tests.analysis.press import NOON, article, mention, page
from tests.analysis.report.conftest import BOTH, Made, Make, answers

MORNING = NOON.replace(hour=14, minute=10)
LATER = NOON.replace(hour=15, minute=32)


def read(number: int, when: datetime, tone: float | None, extractor: str = "1", **fields: str) -> dict[str, Any]:
    """An article as it stood at a time."""
    found = article(number, mention(tone=tone), published=NOON, **fields)
    return page(replace(found, fetched_at=when, extractor=extractor), at=when)


def shown(made: Made) -> list[str]:
    """The lines of the section, as a reader of the page sees them; none where there is no section."""
    items = BeautifulSoup(made["html"], "lxml").select("ul.changes li")
    return [" ".join(item.get_text().split()) for item in items]


def lines(made: Made) -> list[str]:
    """The same of the Markdown."""
    section = made["md"].partition("## Changed since published\n")[2].partition("\n## ")[0]
    return [line.removeprefix("- ") for line in section.splitlines() if line]


def test_a_changed_headline_is_told_with_both_times_and_both_scores(make: Make) -> None:
    made = make(
        read(1, MORNING, 0.4, title="Acme shares rose"), read(1, LATER, -0.6, title="Acme shares fell"), *answers(),
        formats=BOTH,
    )  # fmt: skip

    assert shown(made) == [
        "Gazette: headline changed 14:10 -> 15:32: Acme shares rose -> Acme shares fell tone +0.40 -> -0.60"
    ]
    assert lines(made) == [shown(made)[0].replace("tone", "(tone") + ") <https://gazette.example/1>"]
    assert "FROM article_changes" in made["html"]


def test_a_corrected_text_is_told_below_the_headlines(make: Make) -> None:
    """With its length where that changed, and the days where there are two."""
    next_day = LATER - timedelta(days=1)
    made = make(
        read(1, next_day, 0.4, title="Acme", body="Acme profits rose."),
        read(1, LATER, None, title="Acme", body="Acme profits fell by half."),
        read(2, MORNING, 0.1, title="Old"),
        read(2, MORNING + timedelta(minutes=1), 0.1, title="New"),
        *answers(),
        formats=BOTH,
    )

    assert shown(made) == [
        "Gazette: headline changed 14:10 -> 14:11: Old -> New tone +0.10 -> +0.10",
        "Gazette: text changed 2026-03-09 15:32 -> 2026-03-10 15:32: Acme 3 -> 5 words; tone +0.40 -> not scored",
    ]
    assert len(lines(made)) == 2


def test_every_change_is_one_line_and_only_those_of_the_window(make: Make) -> None:
    """Three readings are two changes; what changed before the first day is another report's."""
    before = NOON - timedelta(days=20)
    made = make(
        *(read(1, MORNING + timedelta(hours=hour), 0.1, title=f"Title {hour}") for hour in range(3)),
        read(2, before, 0.1, title="Once"), read(2, before + timedelta(hours=1), 0.1, title="Twice"), *answers(),
    )  # fmt: skip

    assert [line.split(": ")[2].split(" (")[0] for line in lines(made)] == ["Title 1 -> Title 2", "Title 0 -> Title 1"]


def test_what_newer_rules_read_otherwise_is_not_told_as_the_outlets_doing(make: Make, tmp_path: Path) -> None:
    """The revision is kept, and the view says why it may be ours; a change under the same rules is told again."""
    made = make(
        read(1, MORNING, 0.4, title="Acme | Gazette"), read(1, LATER, 0.4, extractor="2", title="Acme"),
        read(2, MORNING, 0.4, extractor="2", title="Old"), read(2, LATER, 0.4, extractor="2", title="New"), *answers(),
    )  # fmt: skip
    changes = "SELECT old_title, title, rules_changed FROM article_changes ORDER BY title"

    assert [line.split(": ")[2].split(" (")[0] for line in lines(made)] == ["Old -> New"]
    with reading(tmp_path / "press.duckdb") as connection:
        assert connection.execute(changes).fetchall() == [("Acme | Gazette", "Acme", True), ("Old", "New", False)]


def test_nothing_is_said_where_nothing_changed(make: Make) -> None:
    made = make(read(1, MORNING, 0.4), read(1, LATER, 0.4), read(2, LATER, 0.4), *answers(), formats=BOTH)

    assert shown(made) == lines(made) == []
    assert "Changed since" not in made["html"] + made["md"]


def test_times_are_those_of_the_reports_zone(make: Make) -> None:
    made = make(read(1, MORNING, 0.4, title="A"), read(1, LATER, 0.4, title="B"), *answers(), zone="Asia/Kolkata")

    assert "headline changed 19:40 -> 21:02" in lines(made)[0]


def test_scraped_titles_stay_text(make: Make) -> None:
    """In both forms, before and after."""
    odd = "<script>x</script> [a](javascript:b) *c*"
    made = make(read(1, MORNING, 0.4, title=odd), read(1, LATER, 0.4, title=odd + "!"), *answers(), formats=BOTH)

    assert odd + " -> " + odd + "!" in shown(made)[0]
    assert not BeautifulSoup(made["html"], "lxml").select("script")
    assert "<script>" not in made["md"]
    assert "[a](" not in made["md"]
