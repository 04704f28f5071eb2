"""Our VADER against vaderSentiment 3.3.2: the same four figures for every text, oddities included."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SENTIMENT_LADEN_IDIOMS,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

from analysis.tone.vader import LONGEST_REMEMBERED, MEMO_LIMIT, Vader

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "tone"
ORIGINAL = SentimentIntensityAnalyzer()
OURS = Vader()

LEXICON = sorted(ORIGINAL.lexicon)
SPECIAL = [*SPECIAL_CASES, *SENTIMENT_LADEN_IDIOMS, "kind of", "sort of", "just enough", "without doubt", "no"]
GLUE = "at least very least but But BUT no nor or never so this without doubt kind of the a service İ ß".split()
EMOJIS = [*sorted(ORIGINAL.emojis)[::60], "👩‍👩‍👧", "❤️", ":)", ":-(", ":D", "<3", "XD"]
PLAIN = "service customers said the company on Monday and in of it was delayed Netflix I we DVD".split()
KINDS = (LEXICON, SPECIAL, sorted(BOOSTER_DICT), list(NEGATE), GLUE, EMOJIS, PLAIN)
CASES = (str, str, str, str.lower, str.upper, str.title)
MARKS = ("", "", "", "", ",", ".", "!", "!!!", "?", "??", "????", "...", '"', "(", "'s", "—", "\u200b", "\n", "\t")
SEPARATORS = (" ", " ", " ", " ", "", "  ", " - ", " ")

words = st.builds(
    lambda word, case, mark, space: case(word) + mark + space,
    st.sampled_from([word for kind in KINDS[1:] for word in kind]) | st.sampled_from(LEXICON),
    st.sampled_from(CASES),
    st.sampled_from(MARKS),
    st.sampled_from(SEPARATORS),
)


def generated(seed: int) -> Iterator[str]:
    """Texts of all that VADER has rules for, endlessly."""
    chance = random.Random(seed)
    weights = (6, 2, 3, 2, 4, 1, 8)
    while True:
        kinds = chance.choices(KINDS, weights, k=chance.choice((1, 2, 3, 5, 8, 13, 21, 34)))
        yield "".join(
            chance.choice(CASES)(chance.choice(kind)) + chance.choice(MARKS) + chance.choice(SEPARATORS)
            for kind in kinds
        )


def sentences() -> list[str]:
    """Every sentence of the shared development sets, each once."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared development data beside the checkout")
    texts = (path.read_text(encoding="utf8") for path in sorted(SHARED.glob("*.jsonl")))
    return sorted({json.loads(line)["sentence"] for text in texts for line in text.split("\n") if line})


def differing(texts: Iterator[str] | list[str]) -> list[str]:
    """The texts that we score otherwise than vaderSentiment."""
    return [text for text in texts if OURS.polarity_scores(text) != ORIGINAL.polarity_scores(text)]


@given(st.lists(words, max_size=30).map("".join))
def test_same_figures_for_what_vader_has_rules_for(text: str) -> None:
    assert OURS.polarity_scores(text) == ORIGINAL.polarity_scores(text)


@given(st.text(max_size=200))
def test_same_figures_for_any_text(text: str) -> None:
    assert OURS.polarity_scores(text) == ORIGINAL.polarity_scores(text)


def test_same_figures_for_generated_texts() -> None:
    assert differing(islice(generated(seed=1), 3000)) == []


def test_same_figures_for_a_sample_of_real_sentences() -> None:
    assert differing(random.Random(1).sample(sentences(), 3000)) == []


@pytest.mark.slow
def test_same_figures_for_50_000_texts() -> None:
    texts = sentences()
    texts += islice(generated(seed=2), 52_000 - len(texts))
    assert len(set(texts)) >= 50_000
    assert differing(texts) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "!!!",
        "GREAT",
        "It was GREAT but the END was BAD and BAD and good good good",
        "no good or bad, no problem at all, least useful, at least useful",
        "great\u200b",
        "😀" * 60,
        "This is the shit but not a kiss of death kind of nice sort of bad so this good",
        "without a doubt excellent, never so good, never this bad",
    ],
)
def test_same_figures_at_the_edges(text: str) -> None:
    assert OURS.polarity_scores(text) == ORIGINAL.polarity_scores(text)


def test_contrast_of_equal_valences_is_vaders_own() -> None:
    """`list.index` finds the first of equal values, so vaderSentiment halves one word twice and another never."""
    for n in range(2, 12):
        text = "good " * n + "but " + "good bad " * n
        assert OURS.polarity_scores(text) == ORIGINAL.polarity_scores(text)


def cost(text: str) -> float:
    start = time.process_time()
    OURS.polarity_scores(text)
    return time.process_time() - start


def test_cost_is_linear() -> None:
    """Eight times the words cost at most 24 times as much; vaderSentiment's own cost grows 64-fold."""
    text = "The outage was a GREAT problem but customers love the good service :) and no bad delay "
    OURS.polarity_scores(text)
    short, long = (min(cost(text * n) for _ in range(3)) for n in (300, 2400))
    assert long < 24 * short


def test_memory_is_bounded() -> None:
    vader = Vader()
    for start in range(0, 3 * MEMO_LIMIT, MEMO_LIMIT // 2):
        vader.polarity_scores(" ".join(f"word{n}" for n in range(start, start + MEMO_LIMIT // 2)))
    assert len(vader._memo) <= 1.5 * MEMO_LIMIT
    vader.polarity_scores("x" * (LONGEST_REMEMBERED + 1))
    assert "x" * (LONGEST_REMEMBERED + 1) not in vader._memo
