"""VADER's cost: ours against vaderSentiment's in the same run, and how it grows with the length of a text.

CPU time of one process, best of several rounds, so that other work on the machine counts as little as it can.
Ratios are what to look at: "VADER" is the identical output alone, "scorer" all of `--scorer vader`: masking,
plain compound, word pack and rules. The sentences are our own open set.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.tone import Target
from analysis.tone.lexical import VaderScorer
from analysis.tone.lines import find
from analysis.tone.vader import Vader

ROUNDS = 5
LENGTHS = (500, 2_000, 10_000, 50_000)
LONGEST_FOR_ORIGINAL = 2_000


def cost(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU seconds of the cheapest round."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


def targets() -> list[Target]:
    """Our own labelled sentences, one target each."""
    paths = sorted((ROOT / "analysis/tone/training").glob("sentences_*.jsonl"))
    lines = [json.loads(line) for path in paths for line in path.read_text(encoding="utf8").splitlines()]
    return [Target(line["sentence"], find(line["targets"][0]["name"], line["sentence"])) for line in lines]


def main() -> None:
    """Measures and prints."""
    original, ours, scorer = SentimentIntensityAnalyzer(), Vader(), VaderScorer()
    rows = targets()
    sentences = [row.sentence for row in rows]
    base = cost(lambda: [original.polarity_scores(sentence) for sentence in sentences])
    print(f"{len(sentences)} sentences, {sum(map(len, map(str.split, sentences))) / len(sentences):.0f} words each")
    for name, call in (
        ("vaderSentiment", lambda: [original.polarity_scores(sentence) for sentence in sentences]),
        ("VADER", lambda: [ours.polarity_scores(sentence) for sentence in sentences]),
        ("scorer", lambda: scorer.score(rows)),
    ):
        seconds = cost(call)
        print(f"{name:>15}: {len(sentences) / seconds:8,.0f} sentences/s   {base / seconds:5.2f} times vaderSentiment")
    words = " ".join(sentences).split()
    words *= max(LENGTHS) // len(words) + 1
    print("one text, microseconds a word:")
    for length in LENGTHS:
        text = " ".join(words[:length])
        mine = cost(lambda text=text: ours.polarity_scores(text), 3) / length * 1e6
        line = f"{length:>7,} words   VADER {mine:6.2f}"
        if length <= LONGEST_FOR_ORIGINAL:
            line += f"   vaderSentiment {cost(lambda text=text: original.polarity_scores(text), 1) / length * 1e6:7.2f}"
        print(line)


if __name__ == "__main__":
    main()
