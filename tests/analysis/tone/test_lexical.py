"""VADER, the word pack and the rules together, on sentences of our own."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.items import Score
from analysis.tone import Target
from analysis.tone.lexical import CONFIDENT, THRESHOLD, Explanation, VaderScorer, label_of
from analysis.tone.lines import find, parse

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data"
SCORER = VaderScorer(["Globex"])


def explain(sentence: str, brand: str = "Acme") -> Explanation:
    found = SCORER.explain(Target(sentence, find(brand, sentence, re.NOFLAG)))
    assert found is not None
    return found


def tone(sentence: str, brand: str = "Acme") -> float:
    return explain(sentence, brand).score.tone


def test_score() -> None:
    (score,) = SCORER.score([Target("Acme is down, and it is a disaster.", ((0, 4),))])
    assert score == Score(
        tone=score.tone if score else 0.0,
        label="neg",
        confident=True,
        scorer="vader-3.3.2+pack-1",
        vader=SentimentIntensityAnalyzer().polarity_scores("Thebrand is down, and it is a disaster.")["compound"],
    )


def test_one_sentence_two_brands_two_tones() -> None:
    sentence = "Globex poked fun at Acme."
    assert tone(sentence, "Acme") < -CONFIDENT
    assert abs(tone(sentence, "Globex")) < THRESHOLD


def test_vader_is_the_plain_masked_compound() -> None:
    sentence = "Blockbuster's rival Acme isn’t great, GLOBEX said!"
    masked = "Otherbrand's rival Thebrand isn't great, OTHERBRAND said!"
    assert explain(sentence).score.vader == SentimentIntensityAnalyzer().polarity_scores(masked)["compound"]


@pytest.mark.parametrize("sentence", ["", "   ", "\u200b", "...", "😀😀"[:0], "?!"])
def test_no_word_no_score(sentence: str) -> None:
    """V1: no text is not neutral."""
    assert SCORER.score([Target(sentence)]) == [None]


def test_nothing_said_is_neutral_and_certain() -> None:
    score = explain("Acme, founded in 1998, is based in Tulsa.").score
    assert (score.tone, score.label, score.confident) == (0.0, "neu", True)


def test_a_whisper_is_not_certain() -> None:
    assert explain("Acme was unavailable.").score.confident
    whisper = explain("The roads were slow when it rained, and a man from Acme was there.").score
    assert whisper.tone < 0
    assert not whisper.confident


def test_words_far_from_the_brand_count_less() -> None:
    near = tone("Acme failed on Monday.")
    far = tone("Acme opened a shop on Monday, when the weather was good, while a school failed.")
    assert near < far


def test_words_nearer_to_another_brand_count_least() -> None:
    assert tone("Acme opened in May, and Globex failed.") > tone("Acme opened in May, and everything failed.")
    assert tone("Acme opened in May, and Globex failed.", "Globex") < -CONFIDENT


def test_a_remedy_is_the_news_of_its_sentence() -> None:
    assert tone("Acme will refund everyone after the outage.") > THRESHOLD
    assert tone("Acme sent a note to everyone after the outage.") < -THRESHOLD


def test_passive_turns_doer_and_done_to_round() -> None:
    assert tone("Acme was sued by Globex.") < -CONFIDENT
    assert tone("Acme sued Globex.") > -THRESHOLD
    assert tone("Acme was sued by Globex.", "Globex") > -THRESHOLD


def test_negation_reaches_the_pack() -> None:
    assert tone("It was never an outage at Acme.") > 0
    assert tone("It was an outage at Acme.") < 0


def test_negation_does_not_reach_across_a_clause() -> None:
    assert tone("It was not May, outages hit Acme.") < 0


def test_capitalised_names_do_not_score() -> None:
    assert tone("The actor of Great Disaster visited Acme.") == 0.0
    assert tone("Great Disaster Hits Acme Hard Again") < 0


def test_exclamation_is_the_outlets_voice() -> None:
    assert tone("Acme is unavailable!!!") == tone("Acme is unavailable.")


def test_explanation_adds_up() -> None:
    found = explain("Critics slammed Acme for the outage, but it restored service and gave refunds.")
    total = sum(part.valence * part.weight for part in found.contributions)
    assert found.score.tone == round(total / (total * total + 15) ** 0.5, 4)
    words = {part.words: part for part in found.contributions}
    assert words["slammed"].rule == "it is done to the brand"
    assert words["slammed"].entry is not None
    assert words["outage"].rule == "beside a remedy"
    assert found.masked.startswith("Critics slammed Thebrand for")


def test_emoji_floods_and_long_texts_are_bounded() -> None:
    """V3, V4."""
    flood = tone("Acme " + "😡" * 20_000)
    assert -1 <= flood <= 1
    assert -1 < tone("Acme was unavailable and slow. " * 2000) < 0
    assert tone("Acme was great\u200b") == tone("Acme was great")


def test_labels() -> None:
    assert [label_of(tone) for tone in (-1, -THRESHOLD, -0.1, 0, 0.1, THRESHOLD, 1)] == [
        "neg",
        "neg",
        "neu",
        "neu",
        "neu",
        "pos",
        "pos",
    ]


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_gives_a_score_or_none(before: str, after: str) -> None:
    sentence = f"{before} Acme {after}"
    start = len(before) + 1
    (score,) = SCORER.score([Target(sentence, ((start, start + 4),))])
    assert score is not None
    assert -1 <= score.tone <= 1
    assert score.label == label_of(score.tone) or abs(abs(score.tone) - THRESHOLD) < 1e-3


@given(st.text(max_size=80))
def test_scores_do_not_depend_on_what_came_before(text: str) -> None:
    assert VaderScorer().score([Target(text)]) == SCORER.score([Target(text)])


def macro_f1(pairs: list[tuple[str, str]]) -> float:
    counts = Counter(pairs)
    scores = []
    for label in ("neg", "neu", "pos"):
        hit = counts[label, label]
        wrong = sum(n for pair, n in counts.items() if label in pair and pair != (label, label))
        scores.append(2 * hit / (2 * hit + wrong))
    return sum(scores) / 3


def measured(name: str, scorer: VaderScorer) -> tuple[float, float]:
    """Macro F1 with pack and rules, and of plain masked VADER, on a shared set of labelled sentences."""
    path = SHARED / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip("needs the shared development data beside the checkout")
    lines = path.read_text(encoding="utf8").splitlines()
    gold = [json.loads(line)["label"] for line in lines]
    scores = scorer.score([parse(line, 0).target for line in lines])
    rated = [(label, score) for label, score in zip(gold, scores, strict=True) if label and score]
    plain = [
        (label, "pos" if score.vader >= 0.05 else "neg" if score.vader <= -0.05 else "neu") for label, score in rated
    ]
    return macro_f1([(label, score.label) for label, score in rated]), macro_f1(plain)


def test_floor_on_brand_news() -> None:
    f1, plain = measured("tone/brandnews", VaderScorer())
    assert f1 >= 0.56
    assert f1 >= plain + 0.08


@pytest.mark.parametrize("name", ["tone/newsmtsc_rw_dev", "tone/newsmtsc_mt_dev"])
def test_no_worse_than_vader_on_political_news(name: str) -> None:
    f1, plain = measured(name, VaderScorer())
    assert f1 >= plain


def test_floor_on_coverage() -> None:
    f1, plain = measured("coverage/tone", VaderScorer(["Netflix", "Blockbuster"]))
    assert f1 >= 0.59
    assert f1 >= plain + 0.03
