"""Sentences: exact pieces, bounded, split where people would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.matching.sentences import MAX_CHARS, MAX_WORDS, sentence_spans, split

TEXTS = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(["a", "Mr.", "B.", ". ", "? ", "\n", "“", "” ", ", ", "word ", "1", "日本。", " "]),
        max_size=400,
    ).map("".join),
)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Netflix Inc. said so. It failed.", ["Netflix Inc. said so.", "It failed."]),
        ("U.S. shipments fell. Mr. Smith left.", ["U.S. shipments fell.", "Mr. Smith left."]),
        ("He saw Ms. Lee and Dr. Who. Both waved.", ["He saw Ms. Lee and Dr. Who.", "Both waved."]),
        ("At 5 p.m. Pacific it was back.", ["At 5 p.m. Pacific it was back."]),
        ("It broke on Aug. 14 at night. Then", ["It broke on Aug. 14 at night.", "Then"]),
        ("It fell 8.4 percent. Really? Yes!", ["It fell 8.4 percent.", "Really?", "Yes!"]),
        ("“It failed. We are sorry.” He left.", ["“It failed. We are sorry.”", "He left."]),
        (
            "It works now. iPhone users cheered. eBay did not.",
            ["It works now.", "iPhone users cheered.", "eBay did not."],
        ),
        ("One line\nAnother line. ", ["One line", "Another line."]),
        (" \n\n", []),
    ],
)
def test_split(text: str, sentences: list[str]) -> None:
    assert split(text, "en") == sentences


@pytest.mark.parametrize("language", ["de", "fr", "ja", "tr", "pl", "zu", "xx", None])
def test_every_language_has_some_rule(language: str | None) -> None:
    assert split("Abc def. Ghi jkl.", language) == ["Abc def.", "Ghi jkl."]


def test_long_sentences_are_cut_at_clause_marks() -> None:
    sentence = ", ".join(f"clause number {number} of many" for number in range(40))
    pieces = split(sentence)

    assert " ".join(pieces) == sentence
    assert len(pieces) > 2
    assert all(piece.endswith((",", "39 of many")) for piece in pieces)


def test_long_quotations_are_cut_at_full_stops() -> None:
    pieces = split("“" + "They failed, we are sorry. " * 20 + "”")

    assert len(pieces) == 2
    assert pieces[0].endswith("sorry.")


def test_where_there_is_no_clause_mark_at_a_blank() -> None:
    assert [len(piece.split()) for piece in split("word " * 200)] == [80, 80, 40]


def test_a_single_endless_word_is_cut_too() -> None:
    assert [len(piece) for piece in split("x" * 1000)] == [400, 400, 200]


@given(TEXTS, st.sampled_from(["en", "de", "ja", None]))
def test_pieces_are_exact_bounded_and_leave_nothing_out(text: str, language: str | None) -> None:
    spans = sentence_spans(text, language)
    last = 0
    for start, end in spans:
        piece = text[start:end]
        assert text[last:start].strip() == ""
        assert piece == piece.strip() != ""
        assert "\n" not in piece
        assert len(piece) <= MAX_CHARS
        assert len(piece.split()) <= MAX_WORDS
        last = end
    assert text[last:].strip() == ""
    assert split(text, language) == [text[start:end] for start, end in spans]
