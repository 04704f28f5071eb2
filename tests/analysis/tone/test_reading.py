from __future__ import annotations

from analysis.tone.reading import Reading, read
from analysis.tone.vader import Vader

VADER = Vader()


def reading(text: str) -> Reading:
    return read(text, VADER.tokens(text))


def test_words() -> None:
    assert reading("Thebrand's site, (unlike Otherbrand's) is back up.").words == [
        "@",
        "site",
        "unlike",
        "#",
        "is",
        "back",
        "up",
    ]


def test_clauses_end_at_punctuation_and_begin_at_conjunctions() -> None:
    found = reading("Thebrand failed, but it paid because it had to")
    assert found.clauses == [0, 0, 1, 1, 1, 2, 2, 2, 2]


def test_capitals_inside_a_sentence_are_names() -> None:
    found = reading("Reporters met Mr Great at Thebrand on Monday. Great food, Otherbrand said")
    assert sorted(found.names) == [2, 3, 10]
    assert found.watched == {10}
    assert found.brand == [5]


def test_capitals_of_a_headline_are_no_names() -> None:
    assert reading("Thebrand Outage Angers Great Many Customers").names == frozenset()
