"""Copies and stories as articles come, night after night: the loader on a store in memory."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analysis.items import Article
from analysis.trends import Filters, coverage
from tests.analysis.press import NOON, article, bring, emptied, in_memory, mention, page
from tests.analysis.stories.wires import FRESH, LOCAL, NOTES, OTHER, WIRE, text

WHOLE = text(*WIRE)
STUB = (
    "Acme profits rose 12% in the third quarter, the company said on Tuesday. It will hire 300 people in spring. "
    "Analysts had expected as much, and shares were little changed in the afternoon after the report, which came "
    "without a word about the year to come."
)


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


@pytest.fixture
def store(shared: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    return emptied(shared)


class Nights:
    """Nights that bring articles."""

    def __init__(self, store: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.store, self.folder, self.count = store, folder, 0

    def __call__(self, *articles: Article) -> None:
        self.count += 1
        bring(self.store, self.folder, f"night{self.count}", map(page, articles))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.store.execute(sql).fetchall()

    def stories(self) -> set[frozenset[int]]:
        """Numbers of the articles of each story."""
        return {frozenset(numbers) for (numbers,) in self.ask(
            "SELECT list(regexp_extract(url, '[0-9]+$')::INTEGER) FROM articles GROUP BY story_id")}  # fmt: skip

    def copies(self) -> set[int]:
        """Numbers of the articles that are copies."""
        return {number for (number,) in self.ask(
            "SELECT DISTINCT regexp_extract(a.url, '[0-9]+$')::INTEGER "
            "FROM mentions JOIN articles a USING (article_id) WHERE syndicated")}  # fmt: skip


@pytest.fixture
def night(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> Nights:
    return Nights(store, tmp_path)


def told(number: int, body: str, hours: float = 0, *, title: str = "", brands: tuple[str, ...] = ("acme",)) -> Article:
    """Article `number` in an outlet of its own, so many hours after noon."""
    found = article(number, *(mention(brand) for brand in brands), title=title or "A report of the day",
                    body=body, published=NOON + timedelta(hours=hours), topics=("outage",))  # fmt: skip
    return replace(found, outlet=f"Outlet {number}", fetched_at=NOON + timedelta(hours=hours, minutes=number))


def carried(number: int, chance: random.Random) -> Article:
    """A pick-up of WIRE: cut, with a local beginning, without a sentence, with notes; it says less or more of Acme."""
    sentences = list(WIRE[: chance.randint(7, len(WIRE))])
    del sentences[chance.randrange(1, len(sentences) - 1)]
    before = LOCAL[: chance.randint(0, 2)]
    found = told(number, text(*before, *sentences, *NOTES[: chance.randint(0, 2)]), chance.uniform(0.1, 9))
    kept = [mention(tone=0.6, sentence=WIRE[0]), mention(tone=-0.4, sentence=WIRE[6], ordinal=2)]
    local = [mention(tone=-1.0, sentence=before[0], ordinal=3)] if before else []
    return replace(found, mentions=tuple(kept[: chance.randint(1, 2)] + local))


@pytest.mark.parametrize("a_night", [1, 7, 41])
def test_a_wire_in_forty_outlets_is_one_story(night: Nights, a_night: int) -> None:
    """However they come: one story, 40 pick-ups, and the tone that it had before anybody carried it."""
    chance = random.Random(5)
    said = (mention(tone=0.6, sentence=WIRE[0]), mention(tone=-0.4, sentence=WIRE[6], ordinal=2))
    first = replace(told(0, WHOLE), mentions=said)
    come = [first, *(carried(number, chance) for number in range(1, 41))]
    chance.shuffle(come)
    for start in range(0, len(come), a_night if a_night > 1 else 6):
        night(*come[start : start + a_night])
        if a_night == 1:
            night(*come[start + 1 : start + 6])

    assert night.ask("SELECT articles, outlets, first_outlet FROM stories") == [(41, 41, "Outlet 0")]
    assert night.copies() == set(range(1, 41))
    (row,) = night.ask("SELECT stories, articles, round(net_tone, 6), share_of_voice FROM daily_coverage "
                       "WHERE topic_id = 'outage'")  # fmt: skip
    assert row == (1, 41, 0.1, 1.0)
    answer = coverage("day", Filters(brand="acme"), "UTC").ask(night.store).dicts()
    assert [(r["stories"], r["articles"], round(r["net_tone"], 6)) for r in answer] == [(1, 41, 0.1)]


def test_a_day_with_copies_only_has_their_tone(night: Nights) -> None:
    night(told(1, WHOLE), replace(told(2, WHOLE, 24), mentions=(mention(tone=-0.5),)))

    assert night.ask("SELECT day::VARCHAR, net_tone FROM daily_coverage WHERE topic_id IS NULL ORDER BY day") == [
        ("2026-03-10", 0.5), ("2026-03-11", -0.5)]  # fmt: skip


def test_a_follow_up_is_a_new_article_of_the_story(night: Nights) -> None:
    """60 percent of it is new: no copy, the same event."""
    night(told(1, WHOLE), told(2, text(*LOCAL, *WIRE), 1))
    night(told(3, text(*FRESH[:5], *WIRE[:8], *FRESH[5:]), 20))

    assert night.stories() == {frozenset({1, 2, 3})}
    assert night.copies() == {2}


@pytest.mark.parametrize(
    ("words", "others"),
    [("rose", "fell"), ("12%", "21%"), ("hire", "cut"), ("will", "will not"), ("third", "second"), ("300", "3,000")],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_the_contrary_is_another_story(night: Nights, words: str, others: str, at_once: bool) -> None:
    """Also beside copies of both, and whatever comes later."""
    contrary = STUB.replace(words, others, 1)
    come = [told(1, STUB), told(2, contrary, 1), told(3, "DUNMERE (AP) - " + STUB, 2), told(4, contrary, 3)]
    for batch in [come] if at_once else [[one] for one in come]:
        night(*batch)

    assert night.stories() == {frozenset({1, 3}), frozenset({2, 4})}
    assert night.copies() == {3, 4}


def test_contrary_headlines_are_two_stories(night: Nights) -> None:
    night(told(1, WHOLE, title="Acme profits rose 12% in spring"))
    night(told(2, WHOLE, 1, title="Acme profits fell 12% in spring"))

    assert night.stories() == {frozenset({1}), frozenset({2})}


def test_two_stories_of_one_desk_stay_apart(night: Nights) -> None:
    """The same agency, brand and day, the same notes behind both."""
    night(told(1, "DUNMERE (AP) - " + text(*WIRE, *NOTES)), told(2, "DUNMERE (AP) - " + text(*OTHER, *NOTES)))

    assert night.copies() == set()


def test_the_original_can_be_found_last(night: Nights) -> None:
    """The story keeps its name; the copies are measured against the original."""
    night(told(1, text(*WIRE[:7]), 5), told(2, text(*LOCAL, *WIRE), 6))
    (before,) = night.ask("SELECT story_id FROM stories")
    night(told(3, WHOLE, 0))

    assert night.ask("SELECT story_id, first_outlet FROM stories") == [(*before, "Outlet 3")]
    assert night.copies() == {1, 2}
    kept = night.ask("SELECT round(kept, 1), round(added, 1) FROM private.sketches ORDER BY fetched_at")
    assert kept == [(1.0, 0.0), (0.6, 0.0), (1.0, 0.1)]


def test_an_agency_is_the_source_of_what_it_sends(night: Nights) -> None:
    """Also where an outlet's clock says that it was a few minutes earlier."""
    night(told(1, WHOLE), replace(told(2, WHOLE, 0.5), outlet="AP News"), told(3, WHOLE, 0.6))

    assert night.copies() == {1, 3}


def test_a_corrected_copy_is_none_any_more(night: Nights) -> None:
    """It says the contrary now: it leaves the family, not the story. The others are copies still."""
    night(told(1, WHOLE), told(2, WHOLE, 1), told(3, WHOLE, 2))
    night(told(2, WHOLE.replace("2 percent lower", "2 percent higher"), 1))

    assert night.stories() == {frozenset({1, 2, 3})}
    assert night.copies() == {3}


def test_a_corrected_original_leaves_its_copies_to_the_next(night: Nights) -> None:
    night(told(1, WHOLE), told(2, WHOLE, 1), told(3, WHOLE, 2))
    night(told(1, WHOLE.replace("2 percent lower", "2 percent higher")))

    assert night.stories() == {frozenset({1, 2, 3})}
    assert night.copies() == {3}


def test_a_page_that_tells_another_story_leaves_its_own(night: Nights) -> None:
    """An address that is used again; what it said before stays where it was."""
    night(told(1, WHOLE), told(2, WHOLE, 1))
    (story,) = night.ask("SELECT DISTINCT story_id FROM articles")
    night(told(2, text(*OTHER), 1, title="Acme opens a warehouse with a roof of glass"))

    assert night.stories() == {frozenset({1}), frozenset({2})}
    (change,) = night.ask("SELECT c.story_id, kind, other_id = a.story_id, c.article_id = a.article_id "
                          "FROM story_changes c, articles a WHERE a.url LIKE '%/2'")  # fmt: skip
    assert change == (*story, "split", True, True)
    assert night.ask("SELECT revision, story_id = $1 FROM article_revisions WHERE url LIKE '%/2' ORDER BY ALL".replace(
        "$1", repr(*story))) == [(0, True), (1, False)]  # fmt: skip


def test_two_stories_can_turn_out_to_be_one(night: Nights) -> None:
    """A report that holds both; the older keeps its name, and the merge is on record."""
    night(told(1, text(*WIRE[::2])))
    night(told(2, text(*WIRE[1::2]), 1, brands=("bolt",)))
    before = night.ask("SELECT story_id FROM stories JOIN articles USING (story_id) ORDER BY url")
    night(told(3, WHOLE, -1, brands=("acme", "bolt")))

    assert len(before) == 2
    assert night.stories() == {frozenset({1, 2, 3})}
    assert night.ask("SELECT DISTINCT story_id FROM articles") == [before[0]]
    assert night.ask("SELECT story_id, kind, other_id FROM story_changes") == [(*before[0], "merged", *before[1])]


@pytest.mark.parametrize(("hours", "one"), [(100, True), (24 * 40, False)])
def test_stories_end(night: Nights, hours: float, one: bool) -> None:
    """The same text forty days later is printed again: another story."""
    night(told(1, WHOLE))
    night(told(2, WHOLE, hours))

    assert (len(night.stories()) == 1) is one
    assert (night.copies() == {2}) is one


def test_copies_need_no_date(night: Nights) -> None:
    night(told(1, WHOLE), replace(told(2, WHOLE), published=None, fetched_at=NOON + timedelta(days=9)))

    assert night.copies() == {2}


def test_a_correction_reaches_the_family(night: Nights) -> None:
    """Those that come later, too, and whatever becomes of the story; not the other text of the story."""
    said = (mention(tone=0.5, sentence=WIRE[0]),)
    night(replace(told(1, WHOLE), mentions=said), replace(told(2, WHOLE, 1), mentions=said))
    (wrong,) = night.ask("SELECT mention_id FROM mentions WHERE NOT syndicated")
    night.store.execute("INSERT INTO private.corrections VALUES (?, 'pos', 'neg', '', '', ?)", [*wrong, NOON])
    shouted = mention(tone=0.5, sentence=WIRE[0].replace("failure", "“failure”").upper())
    night(replace(told(3, text(*LOCAL, *WIRE[:8]), 5), mentions=(shouted, mention(tone=0.4, ordinal=2))))

    rows = night.ask("SELECT outlet, label, corrected FROM mentions ORDER BY outlet, tone")
    assert rows == [
        ("Outlet 1", "neg", True),
        ("Outlet 2", "neg", True),
        ("Outlet 3", "neg", True),
        ("Outlet 3", "pos", False),
    ]


def test_a_title_is_that_of_the_most_central_article(night: Nights) -> None:
    """Of three reports on one event, that which says most of what all of them say."""
    night(told(1, text(*WIRE[:4]), title="Parcels stand still"), told(2, WHOLE, 1, title="Acme: the whole story"),
          told(3, text(*WIRE[6:], *FRESH[:9]), 2, title="Insurance covers credit"))  # fmt: skip

    assert night.ask("SELECT title FROM stories WHERE articles > 1") == [("Acme: the whole story",)]


@given(order=st.permutations(range(9)), cuts=st.sets(st.integers(1, 8), max_size=3))
@settings(max_examples=6, deadline=None, phases=[Phase.generate])
def test_families_do_not_depend_on_the_order(
    shared: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: set[int]
) -> None:
    """In which articles of two wires and a third text come, and over how many nights. A merger says so."""
    bodies = [WHOLE, text(*OTHER), STUB]
    come = [told(n, ("", "DUNMERE (AP) - ")[n % 2] + bodies[n % 3], n) for n in range(9)]
    night = Nights(emptied(shared), tmp_path_factory.mktemp("spool"))
    edges, known = [0, *sorted(cuts), 9], {}
    for start, end in pairwise(edges):
        night(*(come[place] for place in order[start:end]))
        now = dict(night.ask("SELECT article_id, story_id FROM articles"))
        merged = set(night.ask("SELECT other_id, story_id FROM story_changes WHERE kind = 'merged'"))
        assert {(old, now[one]) for one, old in known.items() if now[one] != old} <= merged
        known = now

    families = night.ask("SELECT list(regexp_extract(a.url, '[0-9]+$')::INTEGER) FROM private.sketches s "
                         "JOIN articles a USING (article_id) GROUP BY family_id")  # fmt: skip
    assert {frozenset(family) for (family,) in families} == {frozenset({n, n + 3, n + 6}) for n in range(3)}
    assert night.copies() == set(range(3, 9))


def test_posts_of_a_live_page_are_one_story(night: Nights) -> None:
    """Whatever they tell, over several nights; none is a copy, and other pages keep their own stories."""

    def post(number: int, body: str, hours: float) -> Article:
        return replace(told(number, body, hours), url=f"https://gazette.example/live#{number}", post=f"p{number}")

    night(post(1, text(*WIRE[:3]), 0), post(2, text(*OTHER[:4]), 1))
    night(post(3, text(*FRESH[4:8]), 30), post(4, text(*WIRE[:3]), 31), told(5, text(*OTHER), 30))

    assert len({story for (story,) in night.ask("SELECT story_id FROM articles WHERE url LIKE '%live%'")}) == 1
    assert night.ask("SELECT count(*) FROM articles WHERE url LIKE '%live%'") == [(4,)]
    assert night.copies() == set()
