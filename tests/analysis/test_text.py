"""Tokens and where they stand."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text import Text, fold, normalise, tokens

# Unicode at large, with what news pages are full of more often than chance would have it.
UNICODE = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("abc ABC.,-'’\n\u00ad\u200b\u0301é™ﬂ½…ßİＮ日ネกกิ"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Netflix’s Wi-Fi", ["netflix", "s", "wi", "fi"]),
        ("15% of AT&T", ["15", "%", "of", "at", "&", "t"]),
        ("U.S. Steel", ["u", ".", "s", ".", "steel"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]),
        ("Ｎｅｔﬂｉｘ 𝐍etflix", ["netflix", "netflix"]),
        ("Netflix™ Netflix² Netflix®", ["netflix", "netflix", "netflix", "®"]),
        ("Nestle\u0301", ["nestlé"]),
        ("snake_case @netflix #outage", ["snake", "case", "@", "netflix", "#", "outage"]),
        ("Netflixは日本", ["netflix", "は", "日", "本"]),
        ("हिन्दी", ["हिन्दी"]),
        ("“it” «it» ‘it’", ["it", "it", "it"]),
        ("one\ntwo", ["one", "\n", "two"]),
        ("a\tb\x0bc\x00d", ["a", "b", "cd"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert Text(text).folded == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Blockbuster Inc.", ["Blockbuster", "Inc"]), ("Yahoo!", ["Yahoo"]), ("Disney+", ["Disney", "+"]), ("...", [])],
)
def test_names_lose_the_punctuation_around_them(name: str, expected: list[str]) -> None:
    assert tokens(name) == expected


def test_parts_are_kept_apart() -> None:
    assert Text("total", "access").folded == ["total", "\n", "access"]


@given(UNICODE)
def test_offsets_lead_back_to_the_original(raw: str) -> None:
    """Every token stands in the original where it says, in order; one character (… or ½) may hold several."""
    text = Text(raw)
    for token, start, end in zip(text.surface, text.starts, text.ends, strict=True):
        assert 0 <= start < end <= len(raw)
        assert token in normalise(raw[start:end])[0]
    assert text.starts == sorted(text.starts)
    assert text.ends == sorted(text.ends)


@given(UNICODE)
def test_normalising_twice_changes_nothing(raw: str) -> None:
    plain, starts, ends = normalise(raw)

    assert normalise(plain)[0] == plain
    assert len(starts) == len(ends) == len(plain)


@given(UNICODE)
def test_decomposed_text_has_the_same_tokens(raw: str) -> None:
    """As macOS writes it."""
    composed = unicodedata.normalize("NFC", raw)

    assert Text(unicodedata.normalize("NFD", composed)).folded == Text(composed).folded


@given(UNICODE)
def test_case_does_not_matter_to_folded_tokens(raw: str) -> None:
    text = Text(raw)

    assert [fold(token) for token in text.folded] == text.folded
    assert all(text.folded[place] == token for token, places in text.index.items() for place in places)


@given(UNICODE, st.text("abcABC", min_size=1, max_size=2))
def test_prefixes_are_found_by_bisection(raw: str, prefix: str) -> None:
    text = Text(raw)

    assert list(text.with_prefix(prefix)) == sorted(token for token in text.index if token.startswith(prefix))
