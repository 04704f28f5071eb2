from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.tone.lexical import KNOWN_NAMES
from analysis.tone.mask import LIMIT, Masker, bound, plain
from analysis.tone.vader import Vader

VADER = Vader()


def test_names_of_the_lexicon_do_not_score() -> None:
    sentence = "Blockbuster opened a counter beside Best Buy."
    assert VADER.compound(sentence) > 0.5
    assert VADER.compound(Masker(KNOWN_NAMES).mask(sentence, [(0, 11)])) == 0.0


def test_a_name_keeps_its_case_possessive_and_punctuation() -> None:
    masker = Masker(["Blockbuster"])
    assert masker.mask("Acme's shop", [(0, 4)]) == "Thebrand's shop"
    assert masker.mask("ACME IS DOWN", [(0, 4)]) == "THEBRAND IS DOWN"
    assert masker.mask("Not Acme, but BLOCKBUSTER!", [(4, 8)]) == "Not Thebrand, but OTHERBRAND!"


def test_all_capitals_stay_all_capitals() -> None:
    """Else VADER would read every word of such a headline as shouted."""
    masked = Masker([]).mask("ACME HAS A GOOD DAY", [(0, 4)])
    assert VADER.compound(masked) == VADER.compound("acme has a good day")


def test_names_are_found_as_they_are_written() -> None:
    masker = Masker(["Blockbuster", "Crash"])
    assert masker.mask("a blockbuster hit, Crash, crashed", []) == "a blockbuster hit, Otherbrand, crashed"
    assert masker.mask("Crashing", []) == "Crashing"


def test_the_target_wins_over_a_name_that_holds_it() -> None:
    masker = Masker(["Acme", "Acme Video Stores"])
    assert masker.mask("Acme Video Stores closed", [(0, 10)]) == "Thebrand Stores closed"


def test_others_are_masked_where_the_caller_says() -> None:
    assert Masker([]).mask("Acme sued Globex", [(0, 4)], [(10, 16)]) == "Thebrand sued Otherbrand"


def test_typography_that_vader_cannot_read() -> None:
    assert plain("“great\u200b” – isn’t it…") == '"great"  -  isn\'t it... '
    assert VADER.compound(plain("It isn’t “great\u200b”.")) == VADER.compound('It isn\'t "great".') < 0


def test_floods_are_bounded() -> None:
    assert plain("😡" * 50) == "😡" * 4
    assert plain("no!!!!!!!!!!") == "no!!!!"


def test_a_sentence_of_ordinary_length_is_left_alone() -> None:
    assert bound("Acme is down.", ((0, 4),), ((5, 7),)) == ("Acme is down.", ((0, 4),), ((5, 7),))


def test_a_long_sentence_is_cut_at_spaces_around_the_target() -> None:
    text = "before " * 300 + "Acme " + "after " * 300
    start = text.index("Acme")
    cut, spans, others = bound(text, ((start, start + 4),), ((0, 6),))
    assert len(cut) <= LIMIT
    assert [cut[a:b] for a, b in spans] == ["Acme"]
    assert others == ()
    assert set(cut.split()) == {"before", "Acme", "after"}


@given(st.text(max_size=900), st.data())
def test_any_span_survives_bounding_and_masking(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    cut, spans, _ = bound(text, ((start, end),))
    assert len(cut) <= LIMIT
    assert [cut[a:b] for a, b in spans] == ([text[start:end]] if start < end or len(text) <= LIMIT else [])
    Masker(["Acme"]).mask(cut, spans)
