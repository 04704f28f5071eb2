"""Quotation marks: what they enclose, and which ones are slips."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.matching.quotations import masked, quotations, share, within

TEXTS = st.lists(
    st.sampled_from(["a", "b c", " ", ", ", ". ", '"', "“", "”", "\n", "'", "x" * 9, "12"]), max_size=60
).map("".join)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “no” twice.", ["“no”"]),
        ('He said "no" twice, "yes" once.', ['"no"', '"yes"']),
        ('"No," he said. "Yes."', ['"No,"', '"Yes."']),
        ('("No") and—"yes"', ['"No"', '"yes"']),
        ("“It failed.\n“We know.” He left.", ["“It failed.", "“We know.”"]),
        ("“It failed.\nWe know.", []),  # a slip: the next paragraph does not go on
        ('A 12" screen is 3" wider.', []),
        ("He said “it ‘just’ works” and “left", ["“it ‘just’ works”"]),
        ("It’s an 'odd' one", []),
        ("” “", []),
        ("", []),
    ],
)
def test_quotations(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == quoted


def test_only_the_writers_own_words_are_left() -> None:
    text = "He said “no” twice."

    assert masked(text, quotations(text)) == 'He said """" twice.'


@pytest.mark.parametrize(
    ("text", "part"), [("“We are sorry,” he said.", 3 / 5), ("He left.", 0), ("“Sorry.”", 1), ("  ", 0)]
)
def test_share_of_words(text: str, part: float) -> None:
    assert share(text, (0, len(text)), quotations(text)) == pytest.approx(part)


@given(TEXTS, st.integers(0, 80), st.integers(0, 80))
def test_what_holds_of_all_texts(text: str, start: int, end: int) -> None:
    found = quotations(text)

    assert found == sorted(found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    for first, last in found:
        assert text[first] in '"“'
        assert "\n" not in text[first:last]
    hidden = masked(text, found)
    assert len(hidden) == len(text)
    assert all(ours in {theirs, '"'} for ours, theirs in zip(hidden, text, strict=True))
    span = (start, max(start, end))
    assert list(within(span, found)) == [(a, b) for a, b in found if a < span[1] and span[0] < b]
    assert 0 <= share(text, span, found) <= 1
