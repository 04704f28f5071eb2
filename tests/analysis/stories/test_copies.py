"""Which texts are copies: what editors do to a wire, and what must never look like one."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.stories.copies import Verdict, compare, contradicts
from analysis.stories.facts import Difference, difference
from analysis.stories.signature import bands, headline_band
from analysis.stories.words import Words, comparable
from tests.analysis.stories.wires import FRESH, LOCAL, NOTES, OTHER, WIRE, text

WHOLE = text(*WIRE)
EDITS = {
    "headline in the text": "Shipping stops at Acme\n" + WHOLE,
    "agency and place": "DUNMERE (AP) - " + WHOLE,
    "cut tail": text(*WIRE[:6]),
    "local beginning": text(*LOCAL, *WIRE),
    "sentences left out": text(*WIRE[:2], *WIRE[4:7], *WIRE[8:]),
    "notes of the outlet": text(*WIRE, *NOTES),
    "all of it": "DUNMERE (AP) - " + text(*LOCAL, *WIRE[:3], *WIRE[4:8], *NOTES),
    "passages that changed places": text(*WIRE[:2], *WIRE[6:], *WIRE[2:6]),
    "marks": WHOLE.replace('"', "“").replace("\n", " ").upper(),
    "spelling": WHOLE.replace("centers", "centres").replace("15 percent", "15%").replace("third", "thrid"),
    "numbers spelled out": WHOLE.replace("three days", "3 days").replace("5,600", "5600"),
}
CONTRARY = {
    "closed 2 percent lower": "closed 2 percent higher",
    "would hardly lose customers": "would hardly win customers",
    "had it running": "had not it running",
    "has grown by a fifth": "has shrunk by a fifth",
    "earlier than it did": "later than it did",
}
STUB = (
    "Acme profits rose 12 percent in the third quarter, the company said on Tuesday. It will hire 300 people. Analysts "
    "had expected as much, and shares of the company were little changed in the afternoon on the exchange in New York "
    "after the report, which came without a word about the year to come."
)


def verdict(earlier: str, later: str) -> Verdict:
    return compare(comparable("", earlier), comparable("", later)).verdict


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_wire_is_a_copy(edit: str) -> None:
    """And shares a number of the signature, without which nobody would compare it."""
    assert verdict(WHOLE, EDITS[edit]) is Verdict.COPY
    assert set(bands(Words(WHOLE))) & set(bands(Words(EDITS[edit])))


@pytest.mark.parametrize("words", CONTRARY)
def test_one_word_can_be_the_contrary(words: str) -> None:
    """However much of the rest is the same (faults.md, D4)."""
    assert words in WHOLE
    assert verdict(WHOLE, WHOLE.replace(words, CONTRARY[words])) is Verdict.CONTRARY
    assert verdict(text(*WIRE[:9]), WHOLE.replace(words, CONTRARY[words])) in {Verdict.CONTRARY, Verdict.COPY}


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("rose", "fell"),
        ("12 percent", "21 percent"),
        ("hire", "cut"),
        ("300", "30"),
        ("Acme", "Bolt"),
        ("will", "will not"),
    ],
)
def test_a_short_report_says_one_thing(words: str, others: str) -> None:
    assert verdict(STUB, STUB.replace(words, others)) is Verdict.CONTRARY
    assert verdict(STUB, "DUNMERE (AP) - " + STUB) is Verdict.COPY


@pytest.mark.parametrize(
    ("one", "other"),
    [("likely", "unlikely"), ("legal", "illegal"), ("upgraded", "downgraded"), ("inflows", "outflows"),
     ("harmful", "harmless"), ("approve", "disapprove"), ("overestimated", "underestimated"), ("legalized", "outlawed"),
     ("can", "cannot"), ("eine", "keine"), ("did", "did not"),
     ("was", "wasn't"), ("gestiegen", "gesunken"), ("subió", "cayó")],
)  # fmt: skip
def test_words_that_are_contrary(one: str, other: str) -> None:
    """By a list, by a prefix or by a denial; typing errors and inflections are none."""

    def told(a: str, b: str) -> Difference:
        return difference(Words(a).folded, Words(b).folded, lambda _: False)

    assert told(one, other) is told(other, one) is Difference.CONTRARY
    assert told(one, one + "s") is Difference.NOTHING
    assert told("nicht", "nihct") is told("never again", "nveer again") is Difference.NOTHING


def test_templates_are_no_copies() -> None:
    """Results of two companies, the weather of two days."""
    other = (
        STUB.replace("Acme", "Cog").replace("12 percent", "4 percent").replace("third", "second").replace("300", "90")
    )
    today = "Rain in the north, sun in the south, 14 to 19 degrees, wind from the west at 30 kilometres an hour. " * 3

    assert verdict(STUB, other) is Verdict.CONTRARY
    assert verdict(today, today.replace("14", "9").replace("19", "12").replace("30", "55")) is Verdict.CONTRARY


@pytest.mark.parametrize(
    "dateline",
    ["DUNMERE (AP) - ", "NEW YORK (Reuters) — ", "DUNMERE, (dpa) – ", "LOS GATOS, Calif.--(BUSINESS WIRE)--",
     "LOS GATOS, Calif., Aug. 12 /PRNewswire/ -- ", "BERLIN — ", "ASHFORD | "],
)  # fmt: skip
def test_a_dateline_is_the_outlets(dateline: str) -> None:
    """Whose wire it is and from where makes no other text of it, not even of a short one."""
    assert comparable("", dateline + STUB).folded == Words(STUB).folded
    assert verdict("DUNMERE (dpa) - " + STUB, dateline + STUB) is Verdict.COPY


def test_contrary_headlines() -> None:
    """Under which the same text is not the same."""
    assert contradicts("Acme profits rose 12% in spring", "Acme profits fell 12% in spring")
    assert contradicts("Acme profits rise 12%", "Acme profits rise 21%")
    assert not contradicts("Acme profits soar 12%", "Acme profits rise 12%")
    assert not contradicts("Shipping stops at Acme", "Acme apologizes as computer failure halts parcels")
    assert not contradicts("", "Acme profits fell")


def test_boilerplate_is_no_evidence() -> None:
    """Two short reports with the same long notes behind them."""
    assert verdict(text(*WIRE[:3], *NOTES * 3), text(*OTHER[:3], *NOTES * 3)) is Verdict.OTHER


def test_two_stories_of_one_desk() -> None:
    assert verdict(WHOLE, text(*OTHER)) is Verdict.OTHER


def test_a_follow_up_is_a_new_article_of_the_story() -> None:
    """60 percent of it is new."""
    later = text(*FRESH[:5], *WIRE[:8], *FRESH[5:])
    found = compare(Words(WHOLE), Words(later))

    assert 0.55 < found.added < 0.65
    assert found.verdict is Verdict.UPDATE


def test_corrected_numbers_are_an_update() -> None:
    """In a long text two numbers are corrected: it goes on, and is no template."""
    corrected = WHOLE.replace("8.4 million", "8.2 million").replace("55 shipping", "58 shipping")

    assert verdict(WHOLE, corrected) is Verdict.UPDATE


@given(st.sets(st.integers(0, len(WIRE) - 1), min_size=7), st.booleans(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_any_half_of_a_wire_is_a_copy(kept: set[int], local: bool, notes: bool) -> None:
    """In order, with or without the outlet's own words; something of its beginning must be there (see `_BEGINNING`)."""
    assume(len(kept & set(range(6))) > 1)
    sentences = [WIRE[place] for place in sorted(kept)]
    copy = text(*LOCAL * local, *sentences, *NOTES * notes)
    found = compare(Words(WHOLE), Words(copy))

    assert found.verdict is Verdict.COPY
    assert 0 <= found.kept <= 1
    assert 0 <= found.added <= 1


@given(st.randoms(use_true_random=False), st.text(max_size=200))
@settings(max_examples=25, deadline=None)
def test_anything_can_be_compared(chance: random.Random, odd: str) -> None:
    """In both orders; a text is a copy of itself."""
    shuffled = text(*chance.sample(WIRE, len(WIRE))) + odd
    compare(Words(odd), Words(shuffled))
    compare(Words(shuffled), Words(odd))

    assert verdict(shuffled, shuffled) is Verdict.COPY


def test_signatures_stay_as_they_are_stored() -> None:
    """A library that counts otherwise would make every stored signature useless: then a migration has to follow."""
    assert bands(Words(WHOLE))[:3] == [2249980025, 187193883, 824581540]
    assert len(set(bands(Words(WHOLE)))) == 64
    assert bands(Words("")) == []
    assert headline_band("Acme stops shipping for three days") == headline_band("ACME stops shipping - for three days!")
    assert headline_band("Business in brief") == []
